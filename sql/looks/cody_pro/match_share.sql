/*
title: Match of SSC and Stripe
question: Do SSC and Stripe agree better than before?
definition: Subscribers active on both sides at the end of the day, divided by those active on either. Amounts and first days do not count here; the table below has them.
caption: "Share that is active on both. The axis does not start at zero."
rows_of: cody_pro/reconciliation
chart: {kind: line, x: day, y: match_share, zero: false}
*/
