/*
title: Cody users in the last month
label: Cody users
question: How many people used Cody in the last month?
definition: Users with any activity of Cody in the last complete month, as the instance reports them.
caption: Users of Cody in the last complete month.
rows_of: single_instance/users
columns:
  monthly_users: {hidden: true}
  weekly_users: {hidden: true}
  daily_users: {hidden: true}
  cody_users: {hidden: false}
chart: {kind: counter, x: month, y: cody_users}
over: last
sent: {field: cody_usage, since: "5.3"}
*/
