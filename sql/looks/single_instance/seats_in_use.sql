/*
title: Seats in use in the last month
label: Seats in use
question: How much of what they bought did they use in the last month?
definition: Monthly users of all instances of the instance's present account divided by the account's seats, in the last complete month, where it was a customer. Seats are those of the licence on the month's last day.
caption: The account's, over all its instances.
rows_of: single_instance/account_seats
columns:
  user_accounts: {hidden: true}
  monthly_users: {hidden: false}
  seat_consumption: {hidden: false}
chart: {kind: counter, x: month, y: seat_consumption}
over: last
drill: single_instance/account_instances
*/
