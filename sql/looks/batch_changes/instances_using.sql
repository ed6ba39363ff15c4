/*
title: Instances using batch changes
label: Instances using
question: How many instances use batch changes?
definition: Instances with batch change users in the last complete month of the range. An instance that does not say how many it has is not counted.
rows_of: batch_changes/created_and_closed
chart: {kind: counter, x: month, y: instances}
over: last
drill: batch_changes/instance_months
*/
