"""CloudFront on Grafana, as code: signals make SQL, SQL makes panels, panels make dashboards."""
