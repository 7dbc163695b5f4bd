"""The tables of a casebook, in the part of SQL that SQLite and PostgreSQL share.

`capture`, `occurrence`, `document`, `decision`, `quarantine`, `erasure`, `restricted`, `secret` and `audit` are what a
casebook keeps; `run`, `reading`, `event`, `claim` and what there is of incidents are derived from them and can be made
anew. JSON is kept as text.
"""

from __future__ import annotations

VERSION = "1"

TABLES = (
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    # Bytes as received; `erased` says when they were taken out for good.
    """CREATE TABLE IF NOT EXISTS capture (
        sha256 TEXT PRIMARY KEY, size BIGINT NOT NULL, erased TEXT)""",
    # Where and when those bytes were seen; the same page on two days is one capture with two occurrences.
    """CREATE TABLE IF NOT EXISTS occurrence (
        id TEXT PRIMARY KEY, capture TEXT NOT NULL, name TEXT NOT NULL, address TEXT, captured_at TEXT NOT NULL,
        parent TEXT, body TEXT NOT NULL)""",
    # The working copy. `chain` is the address whose versions follow one another by `previous`.
    """CREATE TABLE IF NOT EXISTS document (
        id TEXT PRIMARY KEY, capture TEXT NOT NULL, locator TEXT NOT NULL, given TEXT, chain TEXT, previous TEXT,
        host TEXT, added_at TEXT NOT NULL, body TEXT NOT NULL, unread TEXT)""",
    # Every place in every capture where a document stands, the first one and its duplicates.
    """CREATE TABLE IF NOT EXISTS appearance (
        document TEXT NOT NULL, capture TEXT NOT NULL, locator TEXT NOT NULL,
        PRIMARY KEY (document, capture, locator))""",
    # What a better extractor made of a report stands in the place of what was made of it before.
    "CREATE TABLE IF NOT EXISTS superseded (document TEXT PRIMARY KEY, successor TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS run (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS reading (document TEXT PRIMARY KEY, run TEXT, wording TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS event (
        document TEXT NOT NULL, number BIGINT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (document, number))""",
    """CREATE TABLE IF NOT EXISTS claim (
        document TEXT NOT NULL, event BIGINT NOT NULL, number BIGINT NOT NULL, field TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (document, event, number))""",
    """CREATE TABLE IF NOT EXISTS decision (
        seq BIGINT PRIMARY KEY, id TEXT NOT NULL, subject TEXT NOT NULL, revision BIGINT NOT NULL, body TEXT NOT NULL,
        UNIQUE (subject, revision))""",
    """CREATE TABLE IF NOT EXISTS quarantine (
        id TEXT PRIMARY KEY, capture TEXT, source TEXT NOT NULL, name TEXT NOT NULL, locator TEXT NOT NULL,
        cause TEXT NOT NULL, since TEXT NOT NULL, tries BIGINT NOT NULL, known TEXT NOT NULL)""",
    # The incidents: what they are listed by, apart from the incident itself, so that a walk through them is short.
    """CREATE TABLE IF NOT EXISTS incident (
        id TEXT PRIMARY KEY, digest TEXT NOT NULL, status TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
        country TEXT NOT NULL, type TEXT NOT NULL, subtype TEXT NOT NULL, lat DOUBLE PRECISION, x DOUBLE PRECISION,
        y DOUBLE PRECISION, z DOUBLE PRECISION, killed BIGINT, confidence DOUBLE PRECISION NOT NULL,
        information BIGINT NOT NULL, voices BIGINT NOT NULL, attention DOUBLE PRECISION NOT NULL, actors TEXT NOT NULL,
        sources TEXT NOT NULL, langs TEXT NOT NULL)""",
    "CREATE TABLE IF NOT EXISTS incident_body (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    # What the overview counts of each.
    "CREATE TABLE IF NOT EXISTS incident_gist (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    # What is compared of an event or a denial, and the group of the first joining.
    """CREATE TABLE IF NOT EXISTS telling (
        event TEXT PRIMARY KEY, document TEXT NOT NULL, denial BIGINT NOT NULL, body TEXT NOT NULL, joined TEXT)""",
    # Which incident an event is a telling of.
    "CREATE TABLE IF NOT EXISTS member (event TEXT PRIMARY KEY, document TEXT NOT NULL, incident TEXT NOT NULL)",
    # The blocks that a telling lies in (`looks` 0) and looks into besides (1), and the pairs that came of it.
    """CREATE TABLE IF NOT EXISTS block (
        key BIGINT NOT NULL, looks BIGINT NOT NULL, event TEXT NOT NULL, PRIMARY KEY (key, looks, event))""",
    """CREATE TABLE IF NOT EXISTS edge (
        a TEXT NOT NULL, b TEXT NOT NULL, denies BIGINT NOT NULL, odds DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (a, b))""",
    # What the decisions in force demanded when the incidents were last brought up to date.
    """CREATE TABLE IF NOT EXISTS ruling (
        kind TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, PRIMARY KEY (kind, a, b))""",
    # In a line each, what incidents were before they changed: for who decides on an outdated view.
    "CREATE TABLE IF NOT EXISTS outdated (revision TEXT PRIMARY KEY, incident TEXT NOT NULL, said TEXT NOT NULL)",
    # Rows of data sets of coded events, by the first and last day on which each may have been.
    """CREATE TABLE IF NOT EXISTS coded (
        document TEXT PRIMARY KEY, dataset TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL)""",
    # Documents whose events or whose absence the incidents do not know of yet.
    "CREATE TABLE IF NOT EXISTS pending (document TEXT PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS erasure (token TEXT PRIMARY KEY, mark TEXT NOT NULL, at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS restricted (name TEXT PRIMARY KEY)",
    # What ties the log to what it is about: a random token, and the salt of its digests. Deleted with the subject.
    "CREATE TABLE IF NOT EXISTS secret (subject TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, salt TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS audit (
        seq BIGINT PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
        digest TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS occurrence_capture ON occurrence (capture)",
    "CREATE INDEX IF NOT EXISTS occurrence_address ON occurrence (address)",
    "CREATE INDEX IF NOT EXISTS quarantine_capture ON quarantine (capture)",
    "CREATE INDEX IF NOT EXISTS document_chain ON document (chain)",
    "CREATE INDEX IF NOT EXISTS document_previous ON document (previous)",
    "CREATE INDEX IF NOT EXISTS coded_days ON coded (dataset, first, last)",
    "CREATE INDEX IF NOT EXISTS document_capture ON document (capture)",
    "CREATE INDEX IF NOT EXISTS document_host ON document (host, added_at)",
    "CREATE INDEX IF NOT EXISTS event_id ON event (id)",
    "CREATE INDEX IF NOT EXISTS incident_first ON incident (first, id)",
    "CREATE INDEX IF NOT EXISTS incident_span ON incident (first, last, id)",
    "CREATE INDEX IF NOT EXISTS incident_attention ON incident (attention, first, id)",
    # These two hold all that the time line and the map are drawn from, so that the table itself is not walked.
    "CREATE INDEX IF NOT EXISTS incident_days ON incident (first, killed)",
    "CREATE INDEX IF NOT EXISTS incident_spot ON incident (lat, x, y, killed, type, first, status, id)",
    "CREATE INDEX IF NOT EXISTS block_event ON block (event)",
    "CREATE INDEX IF NOT EXISTS edge_b ON edge (b)",
    "CREATE INDEX IF NOT EXISTS telling_document ON telling (document)",
    "CREATE INDEX IF NOT EXISTS member_incident ON member (incident)",
    "CREATE INDEX IF NOT EXISTS member_document ON member (document)",
    "CREATE INDEX IF NOT EXISTS audit_subject ON audit (subject)",
    "CREATE INDEX IF NOT EXISTS erasure_mark ON erasure (mark)",
)
