package githubsim

// share is a name with the probability of being drawn.
type share struct {
	name string
	part float64
}

var editors = []share{
	{"vscode", 0.58}, {"intellij", 0.21}, {"visualstudio", 0.12}, {"neovim", 0.04}, {"xcode", 0.03}, {"unknown", 0.02},
}

// GitHub does not normalise language names: both spellings of TypeScript are real.
var languages = []share{
	{"typescript", 0.20},
	{"python", 0.18},
	{"go", 0.14},
	{"java", 0.12},
	{"csharp", 0.08},
	{"javascript", 0.07},
	{"yaml", 0.05},
	{"markdown", 0.04},
	{"ts", 0.03},
	{"sql", 0.03},
	{"rust", 0.02},
	{"others", 0.03},
	{"unknown", 0.01},
}

// rareModes are the chat features that few people use on a day.
var rareModes = []share{
	{"chat_panel_edit_mode", 0.4},
	{"chat_panel_plan_mode", 0.3},
	{"chat_panel_custom_mode", 0.2},
	{"chat_panel_unknown_mode", 0.05},
	{"others", 0.05},
}

// model is a language model with its names in reports and on invoices.
type model struct {
	name, invoice string
	hundredths    int // the price of one interaction in hundredths of an AI credit
	part          float64
}

var models = []model{
	{"claude-sonnet-4.5", "Claude Sonnet 4.5", 240, 0.31},
	{"gpt-5", "GPT-5", 190, 0.24},
	{"auto", "Auto: Claude Haiku 4.5", 70, 0.17},
	{"gpt-4.1", "GPT-4.1", 45, 0.11},
	{"gemini-2.5-pro", "Gemini 2.5 Pro", 165, 0.08},
	{"others", "Others", 110, 0.06},
	{"unknown", "Unknown", 80, 0.03},
}

// completionModel writes code completions, which cost no credits.
const completionModel = "gpt-4.1-copilot"

// editorRelease holds the names and versions of an editor and its Copilot plugin.
type editorRelease struct {
	version, plugin, pluginVersion string
	seat                           string // how a seat's last_activity_editor writes it
}

var releases = map[string]editorRelease{
	"vscode":       {"1.105.1", "copilot-chat", "0.32.4", "vscode/1.105.1/copilot-chat/0.32.4"},
	"intellij":     {"252.25557.131", "copilot-intellij", "1.5.59-243", "JetBrains-IU/252.25557.131/copilot-intellij/1.5.59-243"},
	"visualstudio": {"17.14.16", "copilot-vs", "17.14.1110", "VisualStudio/17.14.16/copilot-vs/17.14.1110"},
	"neovim":       {"0.11.4", "copilot.vim", "1.56.0", "Neovim/0.11.4/copilot.vim/1.56.0"},
	"xcode":        {"26.0.1", "copilot-xcode", "0.44.0", "Xcode/26.0.1/copilot-xcode/0.44.0"},
	"unknown":      {"", "", "", "unknown/0.0.0"},
}

// draw picks a name by a roll in [0, 1).
func draw(roll float64, from []share) string {
	for _, s := range from {
		if roll -= s.part; roll < 0 {
			return s.name
		}
	}
	return from[0].name
}

func drawModel(roll float64) model {
	for _, m := range models {
		if roll -= m.part; roll < 0 {
			return m
		}
	}
	return models[0]
}
