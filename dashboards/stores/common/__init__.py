"""SQL that every store understands, made around what each store answers in its own.

No store is named here. What one of them lacks or spells otherwise is asked of it: see `Queries`
in dashboards/stores/__init__.py.
"""
