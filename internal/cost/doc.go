// Package cost says what an account pays for Copilot: who holds a seat, on which plan, and which seats lie idle.
package cost
