"""Everything that the desk answers, a line each: method, path, who may ask, and the function that answers."""

from __future__ import annotations

from constat.desk import (
    about,
    deciding,
    evidence,
    exporting,
    feed,
    listing,
    mapping,
    people,
    translating,
    trying,
    views,
)
from constat.desk.accounts import Account
from constat.desk.endpoint import Endpoint, Plain
from constat.filters import Filters
from constat.records import Translation
from constat.store.marks import Spots

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(method="GET", path="/api/about", role="anyone", run=about.about, gives=about.About),
    Endpoint(method="GET", path="/api/kinds", role="reader", run=about.kinds, gives=about.Kinds),
    Endpoint(
        method="POST", path="/api/read", role="reader", run=trying.read, takes=trying.Pasted, gives=trying.Tried
    ),
    Endpoint(
        method="POST", path="/api/read/file", role="reader", run=trying.read_file, query=trying.Of, takes=bytes,
        gives=trying.Tried,
    ),
    Endpoint(
        method="POST", path="/api/keep", role="reviewer", run=trying.keep, takes=trying.Pasted, gives=trying.KeptNow
    ),
    Endpoint(
        method="POST", path="/api/keep/file", role="reviewer", run=trying.keep_file, query=trying.Of, takes=bytes,
        gives=trying.KeptNow,
    ),
    Endpoint(
        method="GET", path="/api/incidents", role="reader", run=listing.incidents, query=listing.Listed,
        gives=listing.Incidents,
    ),
    Endpoint(method="GET", path="/api/incidents/{id}", role="reader", run=evidence.incident, gives=evidence.Whole),
    Endpoint(
        method="GET", path="/api/documents/{id}/incidents", role="reader", run=listing.of_document,
        gives=listing.Incidents,
    ),
    Endpoint(method="GET", path="/api/documents/{id}", role="reader", run=evidence.document, gives=evidence.Source),
    Endpoint(
        method="POST", path="/api/documents/{id}/translation", role="reader", run=translating.translate,
        takes=translating.Wanted, gives=Translation,
    ),
    Endpoint(method="GET", path="/api/documents/{id}/capture", role="reviewer", run=evidence.capture, gives=Plain),
    Endpoint(
        method="GET", path="/api/places", role="reader", run=listing.places, query=listing.Near,
        gives=listing.Candidates,
    ),
    Endpoint(method="GET", path="/api/spots", role="reader", run=mapping.spots, query=Filters, gives=Spots),
    Endpoint(method="GET", path="/api/days", role="reader", run=mapping.days, query=Filters, gives=mapping.Days),
    Endpoint(method="GET", path="/api/labels", role="reader", run=mapping.labels, gives=mapping.Labels),
    Endpoint(
        method="GET", path="/api/labels/around", role="reader", run=mapping.around, query=mapping.Around,
        gives=mapping.Labels,
    ),
    Endpoint(
        method="GET", path="/api/overview", role="reader", run=mapping.glance, query=Filters, gives=mapping.Glance
    ),
    Endpoint(
        method="POST", path="/api/decisions", role="reviewer", run=deciding.decide, takes=deciding.Said,
        gives=deciding.Done,
    ),
    Endpoint(
        method="POST", path="/api/decisions/batch", role="reviewer", run=deciding.many, takes=deciding.Many,
        gives=deciding.ManyDone,
    ),
    Endpoint(
        method="POST", path="/api/decisions/preview", role="reviewer", run=deciding.preview, takes=deciding.Said,
        gives=deciding.Preview,
    ),
    Endpoint(
        method="GET", path="/api/batch", role="reviewer", run=deciding.batch, query=deciding.Sampled,
        gives=deciding.Batch,
    ),
    Endpoint(method="GET", path="/api/formats", role="reader", run=exporting.formats, gives=exporting.Formats),
    Endpoint(
        method="GET", path="/api/export/{format}", role="reader", run=exporting.write, query=Filters, gives=Plain
    ),
    Endpoint(method="GET", path="/api/alerts", role="reader", run=feed.feed, query=feed.Asked, gives=feed.Feed),
    Endpoint(method="POST", path="/api/alerts/look", role="reader", run=feed.look, gives=feed.Looked),
    Endpoint(
        method="POST", path="/api/alerts/read", role="reader", run=feed.mark, takes=feed.Read, gives=feed.Looked
    ),
    Endpoint(method="GET", path="/api/views", role="reader", run=views.every, gives=views.Views),
    Endpoint(
        method="PUT", path="/api/views/{name}", role="reader", run=views.put, takes=views.Query, gives=views.Views
    ),
    Endpoint(method="DELETE", path="/api/views/{name}", role="reader", run=views.remove, gives=views.Views),
    Endpoint(method="POST", path="/api/session", role="anyone", run=people.sign_in, takes=people.Password),
    Endpoint(method="DELETE", path="/api/session", role="reader", run=people.sign_out),
    Endpoint(method="GET", path="/api/accounts", role="admin", run=people.every, gives=people.AllAccounts),
    Endpoint(
        method="POST", path="/api/accounts", role="admin", run=people.put, takes=people.NewAccount, gives=Account
    ),
    Endpoint(
        method="DELETE", path="/api/accounts/{name}", role="admin", run=people.remove, gives=people.AllAccounts
    ),
    Endpoint(
        method="POST", path="/api/tokens", role="reader", run=people.token, takes=people.Label, gives=people.Token
    ),
)  # fmt: skip
