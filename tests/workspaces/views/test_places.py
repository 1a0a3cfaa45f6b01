"""Settings, channels, audiences."""

from planner.workspaces.models import Audience, Channel


def test_settings_are_kept(browse, manager, page, workspace):
    values = {"name": "Mairie", "languages": "en,fr", "official_language": "fr", "sectors": ["public-body"]}
    assert browse(manager).post(page("settings"), values).status_code == 302
    workspace.refresh_from_db()
    assert (workspace.name, workspace.languages, workspace.sectors) == ("Mairie", ["en", "fr"], ["public-body"])


def test_a_reader_sees_settings_without_a_form(browse, reader, page):
    assert '<form class="in form"' not in browse(reader).get(page("settings")).content.decode()


def test_a_channel_gets_its_people(browse, manager, member, page, channel):
    values = {"is_used": "on", "address": "example.org", "owner": member.pk, "deputy": manager.pk}
    assert browse(manager).post(page("channel", slug="site"), values).status_code == 302
    channel.refresh_from_db()
    assert (channel.owner, channel.deputy, channel.address) == (member, manager, "https://example.org")


def test_the_limits_of_a_channel_are_changed_below_and_a_refusal_keeps_what_was_typed(
    browse, manager, member, page, channel
):
    address = page("channel_limits", slug="site")
    given = {"title_fr": "Notre site", "title_en": "Our site", "count": "words", "body_hard": 900, "body_advised": 950}
    refused = browse(manager).post(address, given)
    assert refused.status_code == 400
    assert refused.context["limits_form"].errors.keys() == {"body_advised"}
    assert 'value="950"' in refused.content.decode()
    assert browse(manager).post(address, {**given, "body_advised": 800}).status_code == 302
    channel.refresh_from_db()
    assert channel.limits == {"count": "words", "captions_required": False, "body_hard": 900, "body_advised": 800}
    assert browse(member).post(address, given).status_code == 403


def test_the_same_person_twice_is_refused_beside_the_field(browse, manager, page, channel):
    response = browse(manager).post(page("channel", slug="site"), {"owner": manager.pk, "deputy": manager.pk})
    assert response.status_code == 400
    assert response.context["form"].errors.keys() == {"deputy"}


def test_a_channel_of_elsewhere_is_not_found(browse, manager, page, other_workspace):
    Channel.objects.create(workspace=other_workspace, slug="theirs", title={"fr": "X"}, mark="X", family="web")
    assert browse(manager).get(page("channel", slug="theirs")).status_code == 404


def test_channels_ask_a_fixed_number_of_queries(
    browse, manager, page, workspace, channel, django_assert_num_queries, django_assert_max_num_queries
):
    client = browse(manager)
    client.get(page("channels"))
    with django_assert_max_num_queries(10) as few:
        client.get(page("channels"))
    for n in range(15):
        Channel.objects.create(
            workspace=workspace, slug=f"c{n}", title={"fr": f"C{n}"}, mark=f"{n}", family="web", owner=manager
        )
    with django_assert_num_queries(len(few)):
        client.get(page("channels"))


def test_an_audience_is_added_and_put_aside(browse, member, page):
    browse(member).post(page("audiences"), {"sentence": "Parents d’élèves"})
    audience = Audience.objects.get()
    browse(member).post(page("use_audience", audience=audience.pk), {"use": "no"})
    audience.refresh_from_db()
    assert not audience.is_used
