/*
title: Seats in use
question: How much of what they bought do they use?
definition: Monthly users of all instances of the instance's present account divided by the account's seats, in months in which it was a customer. Seats are those of the licence on the month's last day.
caption: The account's, over all its instances.
rows_of: single_instance/account_seats
columns:
  user_accounts: {hidden: true}
  monthly_users: {hidden: false}
  seat_consumption: {hidden: false}
chart: {kind: line, x: month, y: seat_consumption}
drill: single_instance/account_instances
*/
