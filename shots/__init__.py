"""Takes pictures of the dashboards in a running Grafana, to look at and for the docs.

moments     when it was calm, and when something was wrong
pictures    which pictures there are, as data
grafana     asks the Grafana for its dashboards and alerts
browser     drives the browser
page        one page with all of them, to look through
"""
