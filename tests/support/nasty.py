"""What somebody may have put into a dashboard variable."""

from hypothesis import strategies as st

NASTY = (
    "o'hare.example.com",
    "' OR '1'='1",
    "') OR ('1'='1",
    "x'); DROP TABLE realtime_logs; --",
    "'; SELECT * FROM cloudfront.realtime_logs --",
    "/* ' */",
    "''",
    "'",
    "\\'",
    "\\",
    '"',
    "$__timeFilter",
    "${country:sqlstring}",
    "$country",
    "{{ .Labels }}",
    "%' OR x LIKE '%",
    "é\u2028\u0000",
    "(all)'",
    "'(all)'",
    "-",
    "",
)
# Anything goes, but more often what is special in SQL.
VALUES = st.lists(
    st.one_of(
        st.sampled_from(NASTY),
        st.text(alphabet=st.sampled_from("'\"\\;-()$%/* aO\n1="), max_size=12),
        st.text(max_size=12),
    ),
    min_size=1,
    max_size=3,
)
