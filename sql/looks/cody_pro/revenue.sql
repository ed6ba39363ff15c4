/*
title: Revenue
question: What do we bill for Cody Pro in a day, a week, this month?
definition: Paid cycles that start, at 9 dollars a person, by day of Pacific time, week from Monday or month. Added are persons whose first cycle starts, retained those whose second or later one does. Refunds do not change it; they show where SSC and Stripe are compared.
caption: "Dollars of cycles that start, at $9. Pale: not over."
rows_of: cody_pro/new_and_cancelled
columns:
  daily_revenue_retained: {hidden: false}
  new_subscribers: {hidden: true}
  canceled_subscribers: {hidden: true}
  retained_subscribers: {hidden: true}
  active_subscribers: {hidden: true}
chart: {kind: stacked_bar, x: day, y: [daily_revenue_retained, daily_revenue_added]}
drill: cody_pro/days
*/
