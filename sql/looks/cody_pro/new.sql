/*
title: New subscribers
label: New
question: How many people began to pay for Cody Pro?
definition: Persons whose first paid cycle started in the range's complete days of Pacific time. First is the first of the person over all subscriptions, so somebody who comes back is not new. A trial is new when its first paid cycle starts. The change compares with as many days before.
caption: Persons whose first paid cycle started.
rows_of: cody_pro/active
chart: {kind: counter, y: new_subscribers}
over: range
trend: cody_pro/active_subscribers
drill: cody_pro/days
*/
