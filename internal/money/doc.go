// Package money has amounts and prices: money in whole cents, exact decimal numbers, GitHub's list of prices and those
// agreed in its place. What is bought with them, seats and credits, has rooms of its own: package seat and package cost.
//
// Amounts are exact fractions until they are shown: no floating point takes part. What is not known is nil, and a sum of
// which a part is not known is nil as well.
package money
