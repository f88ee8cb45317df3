// Package money has amounts and prices: money in whole cents, exact decimal numbers, GitHub's price list, and the prices
// that a customer has agreed instead. It must not know what the money pays for: see package seat and package cost. Start
// reading at Money, then Prices.
//
// Amounts are exact fractions until they are shown; nothing is computed in floating point. An unknown amount is nil, and a
// sum with an unknown part is nil too.
package money
