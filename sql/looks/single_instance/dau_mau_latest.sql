/*
title: Daily users as a share of monthly users
label: Daily / monthly
question: How often did monthly users come back in the last month?
definition: Mean daily users of the last complete month divided by its monthly users. The mean is over the days that have a figure.
caption: Mean daily users as a share of monthly users, last complete month.
rows_of: single_instance/users
columns:
  weekly_users: {hidden: true}
  dau_mau: {hidden: false}
chart: {kind: counter, x: month, y: dau_mau}
over: last
sent: {field: site_activity, since: "4.0"}
*/
