package connector_test

import (
	"errors"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

func TestWhatMayBeSentToGitHubAsAToken(t *testing.T) {
	const body = "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"
	for _, test := range []struct {
		name, pasted string
		kind         connector.TokenKind
		hint         string // empty: it may be sent
	}{
		{"classic", "ghp_" + body, connector.ClassicPAT, ""},
		{"fine-grained", "github_pat_11AAAAAAA0" + body + "_" + body, connector.FineGrainedPAT, ""},
		{"short", "ghp_x", connector.ClassicPAT, ""},
		{"as long as can be", "ghp_" + strings.Repeat("x", 251), connector.ClassicPAT, ""},
		{"dots and hyphens", "github_pat_a.b-c_d", connector.FineGrainedPAT, ""},
		{"white space around it", " \t\r\n ghp_" + body + "\r\n\u00a0", connector.ClassicPAT, ""},

		{"too long", "ghp_" + strings.Repeat("x", 252), connector.ClassicPAT, "too long"},
		{"endless", "github_pat_" + strings.Repeat("x", 1<<20), connector.FineGrainedPAT, "too long"},
		{"a space inside", "ghp_" + body + " " + body, connector.ClassicPAT, "something else was copied"},
		{"a line break inside", "ghp_" + body + "\nX-Header: y", connector.ClassicPAT, "something else was copied"},
		{"a NUL inside", "ghp_" + body + "\x00", connector.ClassicPAT, "something else was copied"},
		{"quotes around it", `"ghp_` + body + `"`, connector.UnknownKind, "does not begin with"},
		{"a quote behind it", "ghp_" + body + `"`, connector.ClassicPAT, "something else was copied"},
		{"Cyrillic letters", "ghp_" + body + "аbс", connector.ClassicPAT, "something else was copied"},
		{"a Cyrillic prefix", "ghр_" + body, connector.UnknownKind, "does not begin with"},
		{"full-width letters", "ｇｈｐ＿" + body, connector.UnknownKind, "does not begin with"},
		{"a zero-width space", "\u200bghp_" + body, connector.UnknownKind, "does not begin with"},
		{"invalid UTF-8", "ghp_" + body + "\xff", connector.ClassicPAT, "something else was copied"},
		{"only the classic prefix", "ghp_", connector.ClassicPAT, "only the first letters"},
		{"only the fine-grained prefix", " github_pat_ ", connector.FineGrainedPAT, "only the first letters"},
		{"the prefix in capitals", "GHP_" + body, connector.UnknownKind, "does not begin with"},
		{"with its scheme", "Bearer ghp_" + body, connector.UnknownKind, "does not begin with"},
		{"empty", "", connector.UnknownKind, "does not begin with"},
		{"white space alone", " \n\t ", connector.UnknownKind, "does not begin with"},

		{"OAuth token", "gho_" + body, connector.UnknownKind, "OAuth"},
		{"user token of an app", "ghu_" + body, connector.UnknownKind, "user token of a GitHub App"},
		{"installation token", "ghs_" + body, connector.UnknownKind, "installation token"},
		{"refresh token", "ghr_" + body, connector.UnknownKind, "refresh token"},
		{"admin key of OpenAI", "sk-admin-" + body, connector.UnknownKind, "OpenAI"},
		{"key of Anthropic", "sk-ant-admin01-" + body, connector.UnknownKind, "Anthropic"},
		{"key of Cursor", "crsr_" + body, connector.UnknownKind, "Cursor"},
		{"token of GitLab", "glpat-" + body, connector.UnknownKind, "GitLab"},
		{"access key of AWS", "AKIAABCDEFGHIJKLMNOP", connector.UnknownKind, "AWS"},
		{"private key", "-----BEGIN RSA PRIVATE KEY-----", connector.UnknownKind, "private key"},
		{"40 hex digits", strings.Repeat("0a1b2c3d4e", 4), connector.UnknownKind, "before April 2021"},
		{"41 hex digits", strings.Repeat("0a1b2c3d4e", 4) + "f", connector.UnknownKind, "does not begin with"},
	} {
		t.Run(test.name, func(t *testing.T) {
			token := connector.NewToken(test.pasted)
			if got := token.Kind(); got != test.kind {
				t.Errorf("kind %q, want %q", got, test.kind)
			}
			err := token.Check()
			if test.hint == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			problem, ok := errors.AsType[*connector.Error](err)
			if !ok || problem.Code != connector.CodeNotPAT {
				t.Fatalf("got %v, want code %s", err, connector.CodeNotPAT)
			}
			if !strings.Contains(problem.Hint, test.hint) || !strings.HasSuffix(problem.Hint, ".") {
				t.Errorf("hint %q does not say %q in a sentence", problem.Hint, test.hint)
			}
		})
	}
}

func TestTheZeroTokenMayNotBeSent(t *testing.T) {
	if err := (connector.Token{}).Check(); !connector.Is(err, connector.CodeNotPAT) {
		t.Errorf("got %v", err)
	}
}
