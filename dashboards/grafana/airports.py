"""Airports next to edges that Grafana's own list of airports lacks, and the nearest one it has.

https://github.com/grafana/grafana/blob/main/public/gazetteer/airports.geojson
"""

NEAREST_AIRPORT = {
    "BKK": "DMK",
    "BLA": "VLN",
    "FJR": "SHJ",
    "HIO": "PDX",
    "MCI": "OMA",
    "OTP": "BBU",
    "YTO": "YYZ",
    "ZHY": "ZGC",
}
