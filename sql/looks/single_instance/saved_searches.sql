/*
title: Saved searches
question: How many searches are saved, and by how many people?
definition: Saved searches, and the users who have one, as of the day's last ping.
caption: As of each day.
rows_of: single_instance/code_monitors
columns:
  monitors_enabled: {hidden: true}
  monitors_enabled_users: {hidden: true}
  saved_searches: {hidden: false}
  saved_search_users: {hidden: false}
chart: {kind: line, x: day, y: [saved_searches, saved_search_users]}
sent: {field: saved_searches, since: "4.0"}
*/
