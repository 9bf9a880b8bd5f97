"""How often each alert rule cries wolf, and how late it comes: `python -m drill` counts it.

Labelled days of traffic, calm ones and ones with an incident, are drawn from seeds as counts a
minute. Every rule is judged on them at every tick, from the data the files for Grafana are made of.
"""
