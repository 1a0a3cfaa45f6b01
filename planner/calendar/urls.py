"""Addresses of this room: `urlpatterns` below `/w/<workspace>/calendar/`, `open_patterns` outside any workspace."""

from django.urls import URLPattern, path

from planner.calendar.views import feeds, incoming, keeping, months, moving, rotas, seasons, spans, turns

open_patterns: list[URLPattern] = [
    path("feeds/<str:token>.ics", feeds.feed, name="calendar_feed"),
    path("seen/<str:token>/", feeds.public, name="calendar_public"),
]
urlpatterns: list[URLPattern] = [
    path("", months.month, name="month"),
    path("week/", spans.week, name="week"),
    path("agenda/", spans.agenda, name="agenda"),
    path("board/", spans.board, name="board"),
    path("search/", spans.search, name="search"),
    path("<int:year>/<int:month>/<int:day>/", months.day, name="day"),
    path("move/", moving.move, name="move"),
    path("bulk/", moving.bulk, name="bulk"),
    path("moves/<int:entry>/undo/", moving.undo, name="undo"),
    path("views/", keeping.views, name="views"),
    path("views/<int:view>/share/", keeping.share, name="share_view"),
    path("views/<int:view>/delete/", keeping.delete, name="delete_view"),
    path("feeds/", keeping.open_feed, name="open_feed"),
    path("feeds/<int:feed>/revoke/", keeping.revoke_feed, name="revoke_feed"),
    path("links/", keeping.publish, name="publish"),
    path("links/<int:link>/revoke/", keeping.revoke_link, name="revoke_link"),
    path("export/<slug:kind>/", keeping.export, name="export"),
    path("import/", incoming.begin, name="import"),
    path("import/start/<slug:kind>/", incoming.model_file, name="import_start"),
    path("import/<int:sheet>/", incoming.sheet, name="import_sheet"),
    path("import/<int:sheet>/take-back/", incoming.take_back, name="import_take_back"),
    path("import/<int:sheet>/to-mend/", incoming.to_mend, name="import_to_mend"),
    path("fill/", turns.fill_month, name="fill_month"),
    path("coming/", turns.coming, name="coming"),
    path("coming/<int:occurrence>/", turns.occurrence, name="occurrence"),
    path("coming/<int:occurrence>/skip/", turns.skip, name="skip"),
    path("coming/<int:occurrence>/take-up/", turns.take_up, name="take_up"),
    path("coming/<int:occurrence>/move/", turns.move, name="move_occurrence"),
    path("coming/<int:occurrence>/fill/<slug:slug>/", turns.fill, name="fill"),
    path("rota/", rotas.rota, name="rota"),
    path("rota/<int:duty>/swap/", rotas.swap, name="swap"),
    path("seasons/", seasons.index, name="seasons"),
    path("seasons/<int:year>/<slug:slug>/begin/", seasons.begin, name="begin_season"),
    path("seasons/<int:year>/<int:month>/<int:day>/begin/", seasons.begin_feast, name="begin_feast"),
    path("cadences/", turns.cadences, name="cadences"),
    path("cadences/<slug:slug>/on/", turns.switch_on, name="switch_on"),
    path("cadences/<int:rhythm>/off/", turns.switch_off, name="switch_off"),
    path("posts/<int:post>/", moving.peek, name="peek"),
]
