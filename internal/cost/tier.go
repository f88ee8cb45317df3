package cost

import "strings"

// Tier is a class of models.
type Tier string

// The tiers.
const (
	TierFrontier     Tier = "frontier"
	TierMid          Tier = "mid"
	TierEntry        Tier = "entry"
	TierUnclassified Tier = "unclassified" // the table does not have the model
)

// tiers is the table of models and their tiers. A model belongs to the first row whose words are all in its name.
// https://docs.github.com/en/copilot/reference/ai-models/supported-models
var tiers = []struct {
	words string
	tier  Tier
}{
	{"gpt nano", TierEntry},
	{"gpt luna", TierEntry},
	{"gpt mini", TierMid},
	{"gpt terra", TierMid},
	{"gpt-6", TierFrontier},
	{"gpt-5", TierFrontier},
	{"gpt-4", TierMid},
	{"gpt-4o", TierMid},
	{"o1", TierMid},
	{"o3", TierMid},
	{"o4", TierMid},
	{"claude fable", TierFrontier},
	{"claude opus", TierFrontier},
	{"claude sonnet", TierMid},
	{"claude haiku", TierEntry},
	{"gemini ultra", TierFrontier},
	{"gemini pro", TierMid},
	{"gemini flash", TierEntry},
	{"grok", TierMid},
	{"mai-code", TierMid},
	{"raptor", TierMid},
	{"goldeneye", TierMid},
	{"qwen2-5", TierMid},
}

// TierOf returns the tier of a model. It accepts all spellings, such as "Claude Opus 4.5" and "claude-opus-4.5".
func TierOf(model string) Tier {
	name := "-" + strings.Join(strings.FieldsFunc(strings.ToLower(modelName(model)), between), "-") + "-"
	for _, row := range tiers {
		if hasAll(name, row.words) {
			return row.tier
		}
	}
	return TierUnclassified
}

func between(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }

func hasAll(name, words string) bool {
	for word := range strings.FieldsSeq(words) {
		if !strings.Contains(name, "-"+word+"-") {
			return false
		}
	}
	return true
}

// tiersOf adds up models by tier, the most expensive first.
func tiersOf(models []ModelRow) []TierRow {
	sums := []TierRow{}
	for _, tier := range []Tier{TierFrontier, TierMid, TierEntry, TierUnclassified} {
		var sum *TierRow
		for _, row := range models {
			switch {
			case row.Tier != tier:
			case sum == nil:
				sum = new(row.TierRow)
			default:
				sum.add(row.TierRow)
			}
		}
		if sum != nil {
			sums = append(sums, *sum)
		}
	}
	return sums
}

// add adds a row of the same mix. Rows of a mix have the same nil fields.
func (r *TierRow) add(more TierRow) {
	r.GrossValue = r.GrossValue.Add(more.GrossValue)
	r.Billed = r.Billed.Add(more.Billed)
	if r.Interactions != nil {
		r.Interactions = new(*r.Interactions + *more.Interactions)
	}
	if r.Share != nil {
		r.Share = new(*r.Share + *more.Share)
	}
}
