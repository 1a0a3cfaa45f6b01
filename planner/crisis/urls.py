"""Addresses of this room, below `/w/<workspace>/`."""

from django.urls import URLPattern, path

from planner.crisis.views import acting, asking, debrief, declaring, levels, queue, room, speaking

urlpatterns: list[URLPattern] = [
    path("", declaring.index, name="index"),
    path("declare/", declaring.declare, name="declare"),
    path("contacts/", declaring.contacts, name="contacts"),
    path("drill/", declaring.drill, name="drill"),
    path("<int:crisis>/", room.room, name="room"),
    path("<int:crisis>/now/", room.now, name="now"),
    path("<int:crisis>/facts/", acting.add_fact, name="add_fact"),
    path("<int:crisis>/facts/<int:fact>/", acting.move_fact, name="move_fact"),
    path("<int:crisis>/facts/<int:fact>/drop/", acting.drop_fact, name="drop_fact"),
    path("<int:crisis>/checks/<int:check>/", acting.tick, name="tick"),
    path("<int:crisis>/log/", acting.log, name="log"),
    path("<int:crisis>/log.csv", acting.export_log, name="export_log"),
    path("<int:crisis>/level/", levels.level, name="level"),
    path("<int:crisis>/lead/", levels.lead, name="lead"),
    path("<int:crisis>/clear/", levels.clear, name="clear"),
    path("<int:crisis>/inside/", speaking.inside, name="inside"),
    path("<int:crisis>/statements/new/<slug:kind>/", speaking.prepare, name="prepare"),
    path("<int:crisis>/statements/<int:statement>/", speaking.statement, name="statement"),
    path("<int:crisis>/statements/<int:statement>/confirm/", speaking.confirm, name="confirm"),
    path("<int:crisis>/statements/<int:statement>/record/<int:placement>/", speaking.record, name="record"),
    path("<int:crisis>/brief/", speaking.brief, name="brief"),
    path("<int:crisis>/questions/", asking.questions, name="questions"),
    path("<int:crisis>/questions/<int:question>/", asking.question, name="question"),
    path("<int:crisis>/questions/<int:question>/later/", asking.later, name="later"),
    path("<int:crisis>/queue/", queue.queue, name="queue"),
    path("<int:crisis>/queue/<int:post>/", queue.review, name="review"),
    path("<int:crisis>/queue/proposals/<int:review>/confirm/", queue.confirm, name="confirm_review"),
    path("<int:crisis>/debrief/", debrief.debrief, name="debrief"),
    path("<int:crisis>/debrief/changes/", debrief.add_change, name="add_change"),
    path("<int:crisis>/debrief/close/", debrief.close, name="close_debrief"),
]
