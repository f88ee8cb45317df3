// Package cost computes what Copilot costs in a month: from the days on which seats were held and from GitHub's bill of AI credits. It
// divides the cost by models, SKUs, teams, organizations and cost centers. It must not decide whether a seat is used, which package
// seat does, nor know prices, which package money has. docs/METRICS.md has the formula of every figure. Start reading at
// Facts.Month.
package cost
