/*
title: Monthly users
label: Monthly users
question: How many people used the instance in the last month?
definition: Users active in the last complete month as the instance reports them.
caption: Users active in the last complete month.
rows_of: single_instance/users
columns:
  monthly_users: {label: Monthly users}
  weekly_users: {hidden: true}
  daily_users: {hidden: true}
chart: {kind: counter, x: month, y: monthly_users}
over: last
sent: {field: site_activity, since: "4.0"}
*/
