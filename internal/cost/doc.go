// Package cost says what an account pays for Copilot: who holds a seat, on which plan, which seats lie idle, and what a
// month costs by seats, credits, models and teams. docs/METRICS.md has the formula of every figure.
//
// Amounts are exact fractions until they are shown: no floating point takes part. What is not known is nil, and a sum of
// which a part is not known is nil as well.
package cost
