package export

import (
	"encoding/json"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// Seat is a seat of the newest snapshot.
type Seat struct {
	AsOf                    time.Time      `json:"asOf"`
	UserID                  *int64         `json:"userId"`
	Login                   *string        `json:"login"`
	Organization            *string        `json:"organization"`
	Team                    *string        `json:"team"`
	Plan                    copilot.Plan   `json:"plan"`
	MonthlyCost             *json.Number   `json:"monthlyCost"` // estimated, as all prices are; 0 for a seat that is no longer paid for
	Currency                *string        `json:"currency"`
	CreatedAt               *time.Time     `json:"createdAt"`
	LastActivityAt          *time.Time     `json:"lastActivityAt"`
	LastActivityEditor      *string        `json:"lastActivityEditor"`
	LastActiveDay           *calendar.Date `json:"lastActiveDay"`
	ActivityFrom            *seat.Source   `json:"activityFrom"`
	IdleDays                *int           `json:"idleDays"`
	PendingCancellationDate *calendar.Date `json:"pendingCancellationDate"`
	Status                  seat.Status    `json:"status"`
}

// SeatOf returns the row of a seat at an instant.
func SeatOf(asOf time.Time, s *seat.Row) Seat {
	return Seat{
		AsOf: asOf, UserID: s.UserID, Login: s.Login, Organization: s.Organization, Team: s.Team,
		Plan: s.Plan, MonthlyCost: amount(s.MonthlyCost), Currency: currency(s.MonthlyCost),
		CreatedAt: s.CreatedAt, LastActivityAt: s.LastActivityAt, LastActivityEditor: s.LastActivityEditor,
		LastActiveDay: s.LastActiveDay, ActivityFrom: s.ActivityFrom, IdleDays: s.IdleDays,
		PendingCancellationDate: s.PendingCancellationDate, Status: s.Status,
	}
}

// Team is the part of a team in the spend of a month.
type Team struct {
	Month         string           `json:"month"`
	From          calendar.Date    `json:"from"`
	To            calendar.Date    `json:"to"`
	Team          *string          `json:"team"`
	Unassigned    bool             `json:"unassigned"`
	SeatDays      *int64           `json:"seatDays"`
	SeatCost      *json.Number     `json:"seatCost"`
	CreditsUsed   *metrics.Credits `json:"creditsUsed"`
	CreditsBilled *json.Number     `json:"creditsBilled"`
	IdleSeatCost  *json.Number     `json:"idleSeatCost"` // for a month
	TotalSpend    *json.Number     `json:"totalSpend"`
	Currency      *string          `json:"currency"`
	Estimated     *bool            `json:"estimated"` // whether the total is estimated
}

// TeamsOf returns the rows of a month by team.
func TeamsOf(m *cost.Month) []Team {
	rows := make([]Team, len(m.ByTeam))
	for i, team := range m.ByTeam {
		rows[i] = Team{
			Month: m.Month, From: m.From, To: m.To, Team: team.Team, Unassigned: team.Unassigned, SeatDays: team.SeatDays,
			SeatCost: amount(team.SeatCost), CreditsUsed: team.CreditsUsed, CreditsBilled: amount(team.CreditsBilled),
			IdleSeatCost: amount(team.IdleSeatCost), TotalSpend: amount(team.TotalSpend),
			Currency: currency(team.TotalSpend, team.CreditsBilled), Estimated: estimated(team.TotalSpend),
		}
	}
	return rows
}

// Model is the part of a model in the value of a month's credits, or in its chat.
type Model struct {
	Month        string        `json:"month"`
	From         calendar.Date `json:"from"`
	To           calendar.Date `json:"to"`
	Model        string        `json:"model"`
	Tier         cost.Tier     `json:"tier"`
	Basis        cost.Basis    `json:"basis"`
	GrossValue   *json.Number  `json:"grossValue"`
	Billed       *json.Number  `json:"billed"`
	Currency     *string       `json:"currency"`
	Estimated    *bool         `json:"estimated"`
	Interactions *int64        `json:"interactions"`
	Share        *cost.Share   `json:"share"`
}

// ModelsOf returns the rows of a month by model.
func ModelsOf(m *cost.Month) []Model {
	rows := make([]Model, len(m.ByModel.Rows))
	for i, model := range m.ByModel.Rows {
		rows[i] = Model{
			Month: m.Month, From: m.From, To: m.To, Model: model.Name, Tier: model.Tier, Basis: m.ByModel.Basis,
			GrossValue: amount(model.GrossValue), Billed: amount(model.Billed),
			Currency: currency(model.GrossValue), Estimated: estimated(model.GrossValue),
			Interactions: model.Interactions, Share: model.Share,
		}
	}
	return rows
}

// amount returns an amount as a number with two decimals, so that a spreadsheet can add it up.
func amount(m *money.Money) *json.Number {
	if m == nil {
		return nil
	}
	return new(json.Number(m.Amount()))
}

// currency returns the currency of the first known amount.
func currency(amounts ...*money.Money) *string {
	for _, m := range amounts {
		if m != nil {
			return &m.Currency
		}
	}
	return nil
}

func estimated(m *money.Money) *bool {
	if m == nil {
		return nil
	}
	return &m.Estimated
}
