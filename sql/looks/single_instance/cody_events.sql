/*
title: Cody events
question: How much is Cody used in a month?
definition: Events of Cody in the month (completions, chats, commands and the like), as the instance counts them.
caption: "Events in the month. Pale: not over."
rows_of: single_instance/cody_users
columns:
  cody_users: {hidden: true}
  cody_product_users: {hidden: true}
  cody_events: {hidden: false}
chart: {kind: bar, x: month, y: cody_events}
sent: {field: cody_usage, since: "5.3"}
*/
