/*
title: Retained
question: How many people renew Cody Pro?
definition: Persons whose second or later paid cycle starts, by day of Pacific time, week from Monday or month. Who comes back after months is retained, not new. Days are added up. Only cycles that were paid count, on the day they start.
caption: "Persons whose second or later cycle starts. Pale: not over."
rows_of: cody_pro/new_and_cancelled
chart: {kind: bar, x: day, y: retained_subscribers}
drill: cody_pro/days
*/
