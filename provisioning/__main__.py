import sys

try:
    from provisioning.push.cli import main

    if __name__ == "__main__":
        sys.exit(main(sys.argv[1:]))
except KeyboardInterrupt:  # before there is anything to stop
    sys.exit(130)
