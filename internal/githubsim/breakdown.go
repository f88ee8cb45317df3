package githubsim

// breakdown sums cells by one key, rows in order of first appearance.
type breakdown[K comparable] struct {
	row  map[K]int
	rows []breakdownRow[K]
}

type breakdownRow[K comparable] struct {
	key K
	tally
}

func (b *breakdown[K]) add(key K, t tally) {
	at, ok := b.row[key]
	if !ok {
		if b.row == nil {
			b.row = make(map[K]int)
		}
		at = len(b.rows)
		b.row[key] = at
		b.rows = append(b.rows, breakdownRow[K]{key: key})
	}
	b.rows[at].add(t)
}

type pair [2]string

// breakdowns are the five arrays that user rows and aggregates have in common.
type breakdowns struct {
	editor          breakdown[string]
	feature         breakdown[string]
	languageFeature breakdown[pair]
	languageModel   breakdown[pair]
	modelFeature    breakdown[pair]
}

func (b *breakdowns) add(cells []cell) {
	for _, c := range cells {
		b.feature.add(c.feature, c.tally)
		b.languageFeature.add(pair{c.language, c.feature}, c.tally)
		if c.editor != "" {
			b.editor.add(c.editor, c.tally)
		}
		if c.model != "" {
			b.languageModel.add(pair{c.language, c.model}, c.tally)
			b.modelFeature.add(pair{c.model, c.feature}, c.tally)
		}
	}
}

// breakdownArrays is the JSON of breakdowns.
type breakdownArrays struct {
	IDE             []ideRow             `json:"totals_by_ide"`
	Feature         []featureRow         `json:"totals_by_feature"`
	LanguageFeature []languageFeatureRow `json:"totals_by_language_feature"`
	LanguageModel   []languageModelRow   `json:"totals_by_language_model"`
	ModelFeature    []modelFeatureRow    `json:"totals_by_model_feature"`
}

type ideRow struct {
	IDE string `json:"ide"`
	tally
	IDEVersion    *ideVersion    `json:"last_known_ide_version,omitempty"` // user rows only
	PluginVersion *pluginVersion `json:"last_known_plugin_version,omitempty"`
}

type featureRow struct {
	Feature string `json:"feature"`
	tally
}

type languageFeatureRow struct {
	Language string `json:"language"`
	Feature  string `json:"feature"`
	codeCounts
}

type languageModelRow struct {
	Language string `json:"language"`
	Model    string `json:"model"`
	codeCounts
}

type modelFeatureRow struct {
	Model   string `json:"model"`
	Feature string `json:"feature"`
	tally
}

func (b *breakdowns) arrays() breakdownArrays {
	return breakdownArrays{
		IDE:     rows(b.editor, func(ide string, t tally) ideRow { return ideRow{IDE: ide, tally: t} }),
		Feature: rows(b.feature, func(feature string, t tally) featureRow { return featureRow{feature, t} }),
		LanguageFeature: rows(b.languageFeature, func(k pair, t tally) languageFeatureRow {
			return languageFeatureRow{k[0], k[1], t.codeCounts}
		}),
		LanguageModel: rows(b.languageModel, func(k pair, t tally) languageModelRow {
			return languageModelRow{k[0], k[1], t.codeCounts}
		}),
		ModelFeature: rows(b.modelFeature, func(k pair, t tally) modelFeatureRow { return modelFeatureRow{k[0], k[1], t} }),
	}
}

// rows is never nil: GitHub writes an empty breakdown as [].
func rows[K comparable, R any](b breakdown[K], row func(K, tally) R) []R {
	out := make([]R, len(b.rows))
	for i, r := range b.rows {
		out[i] = row(r.key, r.tally)
	}
	return out
}
