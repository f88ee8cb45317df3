// Package cost says what Copilot costs in a month: by the days on which seats were held, by GitHub's bill of AI credits, and
// by models, SKUs and teams. What a seat is, and whether it is used, is package seat's; prices are package money's.
// docs/METRICS.md has the formula of every figure. Start with Facts.Month.
package cost
