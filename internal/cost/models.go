package cost

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Basis says what the model mix counts.
type Basis string

// The bases.
const (
	BasisDollars      Basis = "dollars"      // the gross amounts of the bill
	BasisInteractions Basis = "interactions" // of chat
	BasisNotReported  Basis = "not_reported"
)

// ModelMix is which models were used, by model and by tier.
type ModelMix struct {
	Basis Basis      `json:"basis"`
	Rows  []ModelRow `json:"rows"`  // most first, then by name; never nil
	Tiers []TierRow  `json:"tiers"` // the same by tier, those that occur; never nil
}

// ModelRow is one model.
type ModelRow struct {
	Name string `json:"name"` // without the "Auto: " of models that GitHub chose
	TierRow
}

// TierRow is the part of a model, or of a tier, in the whole.
type TierRow struct {
	Tier         Tier   `json:"tier"`
	GrossValue   *Money `json:"grossValue"` // with the basis dollars
	Billed       *Money `json:"billed"`
	Interactions *int64 `json:"interactions"` // with the basis interactions
	Share        *Share `json:"share"`        // nil when the whole is nothing
}

// Share is a part of a whole in ten-thousandths. In JSON it is a number with four decimals.
type Share int64

// wholeShare is all of it.
const wholeShare = 10_000

// MarshalJSON implements json.Marshaler.
func (s Share) MarshalJSON() ([]byte, error) {
	return []byte(big.NewRat(int64(s), wholeShare).FloatString(4)), nil
}

// modelUse is what a model was used for: dollars, exactly and in the currency of the prices, or interactions.
type modelUse struct {
	name         string
	gross, net   *big.Rat
	interactions int64
}

// modelMix is by dollars where the bill can be read, else by chat.
func (f Facts) modelMix() ModelMix {
	if uses, ok := f.billedUses(); ok {
		return f.mixOfDollars(uses)
	}
	chat := metrics.Sum(f.Days, nil).Chat
	if chat == nil || chat.ByModel == nil {
		return ModelMix{Basis: BasisNotReported, Rows: []ModelRow{}, Tiers: []TierRow{}}
	}
	return mixOfInteractions(chat.ByModel)
}

func (f Facts) mixOfDollars(billed []modelUse) ModelMix {
	uses := map[string]modelUse{}
	for _, more := range billed {
		use, known := uses[more.name]
		if !known {
			use = modelUse{name: more.name, gross: nothing, net: nothing}
		}
		use.gross, use.net = plus(use.gross, more.gross), plus(use.net, more.net)
		uses[more.name] = use
	}
	list := sortedUses(uses, func(a, b modelUse) int { return b.gross.Cmp(a.gross) })
	gross := allocate(each(list, func(use modelUse) *big.Rat { return cents(use.gross) }))
	net := allocate(each(list, func(use modelUse) *big.Rat { return cents(use.net) }))
	shares := shares(each(list, func(use modelUse) *big.Rat { return use.gross }))
	rows := make([]ModelRow, len(list))
	for i, use := range list {
		rows[i] = ModelRow{Name: use.name, TierRow: TierRow{
			Tier: TierOf(use.name), GrossValue: f.Prices.onBill(gross[i]), Billed: f.Prices.onBill(net[i]), Share: shares[i],
		}}
	}
	return ModelMix{Basis: BasisDollars, Rows: rows, Tiers: tiersOf(rows)}
}

func mixOfInteractions(chat []metrics.ChatRow) ModelMix {
	uses := map[string]modelUse{}
	for _, row := range chat {
		if row.Interactions == nil {
			continue
		}
		name := modelName(row.Name)
		uses[name] = modelUse{name: name, interactions: uses[name].interactions + *row.Interactions}
	}
	list := sortedUses(uses, func(a, b modelUse) int { return cmp.Compare(b.interactions, a.interactions) })
	shares := shares(each(list, func(use modelUse) *big.Rat { return big.NewRat(use.interactions, 1) }))
	rows := make([]ModelRow, len(list))
	for i, use := range list {
		rows[i] = ModelRow{Name: use.name, TierRow: TierRow{Tier: TierOf(use.name), Interactions: &use.interactions, Share: shares[i]}}
	}
	return ModelMix{Basis: BasisInteractions, Rows: rows, Tiers: tiersOf(rows)}
}

// modelName takes off what says that GitHub chose the model.
func modelName(given string) string {
	return cmp.Or(strings.TrimSpace(strings.TrimPrefix(given, "Auto: ")), "unknown")
}

func sortedUses(uses map[string]modelUse, most func(a, b modelUse) int) []modelUse {
	list := make([]modelUse, 0, len(uses))
	for _, use := range uses {
		list = append(list, use)
	}
	slices.SortFunc(list, func(a, b modelUse) int { return cmp.Or(most(a, b), cmp.Compare(a.name, b.name)) })
	return list
}

func each(uses []modelUse, part func(modelUse) *big.Rat) []*big.Rat {
	parts := make([]*big.Rat, len(uses))
	for i, use := range uses {
		parts[i] = part(use)
	}
	return parts
}

// shares are the parts of a whole, which add up to it; nil when it is nothing.
func shares(parts []*big.Rat) []*Share {
	whole := nothing
	for _, part := range parts {
		whole = plus(whole, part)
	}
	shares := make([]*Share, len(parts))
	if whole.Sign() == 0 {
		return shares
	}
	scale := new(big.Rat).Quo(big.NewRat(wholeShare, 1), whole)
	scaled := make([]*big.Rat, len(parts))
	for i, part := range parts {
		scaled[i] = new(big.Rat).Mul(part, scale)
	}
	for i, n := range allocate(scaled) {
		shares[i] = new(Share(n))
	}
	return shares
}
