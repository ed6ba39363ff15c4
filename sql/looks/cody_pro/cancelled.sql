/*
title: Cancelled subscribers
label: Cancelled
question: How many people left Cody Pro?
definition: "Persons whose last running subscription ended in the range's complete days of Pacific time: when the paid time ended, not when they clicked. Who resumed or has another subscription running did not leave, nor did a trial that was never paid; who was past due and ended did. Somebody who left twice counts twice. The change compares with as many days before."
caption: Persons whose paid time ended.
rows_of: cody_pro/active
chart: {kind: counter, y: canceled_subscribers, good: down}
over: range
trend: cody_pro/active_subscribers
drill: cody_pro/days
*/
