package cost

import (
	"cmp"
	"math/big"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Basis says what the model mix counts.
type Basis string

// The bases.
const (
	BasisDollars      Basis = "dollars"      // the gross amounts of the bill
	BasisInteractions Basis = "interactions" // chat interactions
	BasisNotReported  Basis = "not_reported"
)

// ModelMix says which models were used, by model and by tier.
type ModelMix struct {
	Basis Basis      `json:"basis"`
	Rows  []ModelRow `json:"rows"`  // most first, then by name; never nil
	Tiers []TierRow  `json:"tiers"` // the same by tier, without empty tiers; never nil
}

// ModelRow is one model.
type ModelRow struct {
	Name string `json:"name"` // without the "Auto: " with which GitHub marks models that it chose
	TierRow
}

// TierRow is the part of a model or a tier in the whole.
type TierRow struct {
	Tier         Tier         `json:"tier"`
	GrossValue   *money.Money `json:"grossValue"` // with the basis dollars
	Billed       *money.Money `json:"billed"`
	Interactions *int64       `json:"interactions"` // with the basis interactions
	Share        *Share       `json:"share"`        // nil if the whole is 0 or a part is negative
}

// modelMix returns the mix by dollars if the bill has rows, and by chat otherwise.
func (f Facts) modelMix() ModelMix {
	if parts := f.billedParts(modelOf); len(parts) > 0 {
		rows := make([]ModelRow, len(parts))
		for i, part := range parts {
			rows[i] = ModelRow{Name: part.name, TierRow: TierRow{
				Tier: TierOf(part.name), GrossValue: part.grossValue, Billed: part.billed, Share: part.share,
			}}
		}
		return ModelMix{Basis: BasisDollars, Rows: rows, Tiers: tiersOf(rows)}
	}
	chat := metrics.Sum(f.Days, nil).Chat
	if chat == nil || chat.ByModel == nil {
		return ModelMix{Basis: BasisNotReported, Rows: []ModelRow{}, Tiers: []TierRow{}}
	}
	return mixOfInteractions(chat.ByModel)
}

func mixOfInteractions(chat []metrics.ChatRow) ModelMix {
	uses := map[string]use{}
	for _, row := range chat {
		if row.Interactions == nil {
			continue
		}
		name := modelName(row.Name)
		uses[name] = use{name: name, interactions: uses[name].interactions + *row.Interactions}
	}
	list := sortedUses(uses, func(a, b use) int { return cmp.Compare(b.interactions, a.interactions) })
	shares := shares(each(list, func(u use) *big.Rat { return big.NewRat(u.interactions, 1) }))
	rows := make([]ModelRow, len(list))
	for i, u := range list {
		rows[i] = ModelRow{Name: u.name, TierRow: TierRow{Tier: TierOf(u.name), Interactions: &u.interactions, Share: shares[i]}}
	}
	return ModelMix{Basis: BasisInteractions, Rows: rows, Tiers: tiersOf(rows)}
}

func modelOf(item CreditItem) string { return modelName(item.Model) }

// modelName removes the mark of models that GitHub chose.
func modelName(given string) string {
	return cmp.Or(strings.TrimSpace(strings.TrimPrefix(given, "Auto: ")), "unknown")
}
