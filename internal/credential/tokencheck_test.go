package credential_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func TestWhichTextsMayBeSentToGitHubAsAToken(t *testing.T) {
	const body = "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"
	for _, test := range []struct {
		name, pasted string
		kind         credential.Kind
		hint         string // "" if the token may be sent
	}{
		{"classic", "ghp_" + body, credential.ClassicPAT, ""},
		{"fine-grained", "github_pat_11AAAAAAA0" + body + "_" + body, credential.FineGrainedPAT, ""},
		{"short", "ghp_x", credential.ClassicPAT, ""},
		{"the maximum length", "ghp_" + strings.Repeat("x", 251), credential.ClassicPAT, ""},
		{"dots and hyphens", "github_pat_a.b-c_d", credential.FineGrainedPAT, ""},
		{"white space around it", " \t\r\n ghp_" + body + "\r\n\u00a0", credential.ClassicPAT, ""},

		{"too long", "ghp_" + strings.Repeat("x", 252), credential.ClassicPAT, "too long"},
		{"endless", "github_pat_" + strings.Repeat("x", 1<<20), credential.FineGrainedPAT, "too long"},
		{"a space inside", "ghp_" + body + " " + body, credential.ClassicPAT, "something else was copied"},
		{"a line break inside", "ghp_" + body + "\nX-Header: y", credential.ClassicPAT, "something else was copied"},
		{"a NUL inside", "ghp_" + body + "\x00", credential.ClassicPAT, "something else was copied"},
		{"quotes around it", `"ghp_` + body + `"`, credential.UnknownKind, "quotation mark"},
		{"a quote behind it", "ghp_" + body + `"`, credential.ClassicPAT, "quotation mark"},
		{"single quotes", "'github_pat_" + body + "'", credential.UnknownKind, "quotation mark"},
		{"typographic quotes", "“ghp_" + body + "”", credential.UnknownKind, "quotation mark"},
		{"German quotes", "„ghp_" + body + "“", credential.UnknownKind, "quotation mark"},
		{"French quotes", "« ghp_" + body + " »", credential.UnknownKind, "quotation mark"},
		{"a backquote before it", "`ghp_" + body, credential.UnknownKind, "quotation mark"},
		{"quotes alone", `""`, credential.UnknownKind, "quotation mark"},
		{"Cyrillic letters", "ghp_" + body + "аbс", credential.ClassicPAT, "something else was copied"},
		{"a Cyrillic prefix", "ghр_" + body, credential.UnknownKind, "does not begin with"},
		{"full-width letters", "ｇｈｐ＿" + body, credential.UnknownKind, "does not begin with"},
		{"a zero-width space", "\u200bghp_" + body, credential.UnknownKind, "invisible character (U+200B)"},
		{"a byte order mark", "\ufeffghp_" + body, credential.UnknownKind, "invisible character (U+FEFF)"},
		{"a byte order mark after white space", " \ufeffgithub_pat_" + body, credential.UnknownKind, "invisible character (U+FEFF)"},
		{"a zero-width joiner inside", "ghp_" + body[:9] + "\u200d" + body[9:], credential.ClassicPAT, "invisible character (U+200D)"},
		{"a word joiner behind it", "ghp_" + body + "\u2060", credential.ClassicPAT, "invisible character (U+2060)"},
		{"a soft hyphen inside", "ghp_" + body[:9] + "\u00ad" + body[9:], credential.ClassicPAT, "invisible character (U+00AD)"},
		{"a mark of direction", "\u202aghp_" + body, credential.UnknownKind, "invisible character (U+202A)"},
		{"invalid UTF-8", "ghp_" + body + "\xff", credential.ClassicPAT, "something else was copied"},
		{"only the classic prefix", "ghp_", credential.ClassicPAT, "only the first letters"},
		{"only the fine-grained prefix", " github_pat_ ", credential.FineGrainedPAT, "only the first letters"},
		{"the prefix in capitals", "GHP_" + body, credential.UnknownKind, "small letters"},
		{"with its scheme", "Bearer ghp_" + body, credential.UnknownKind, `begins with the word "bearer"`},
		{"with its scheme in capitals", "BEARER  github_pat_" + body, credential.UnknownKind, `begins with the word "bearer"`},
		{"with the older scheme", "token ghp_" + body, credential.UnknownKind, `begins with the word "token"`},
		{"with a scheme and another token", "Bearer gho_" + body, credential.UnknownKind, `begins with the word "bearer"`},
		{"a whole header", "Authorization: Bearer ghp_" + body, credential.UnknownKind, `begins with the word "authorization"`},
		{"an assignment", "GITHUB_TOKEN=ghp_" + body, credential.UnknownKind, "Something stands before"},
		{"an address", "https://ghp_" + body + "@github.com", credential.UnknownKind, "Something stands before"},
		{"in angle brackets", "<ghp_" + body + ">", credential.UnknownKind, "Something stands before"},
		{"two tokens", "ghp_" + body + " ghp_" + body, credential.ClassicPAT, "Something stands before"},
		{"empty", "", credential.UnknownKind, "does not begin with"},
		{"white space alone", " \n\t ", credential.UnknownKind, "does not begin with"},

		{"OAuth token", "gho_" + body, credential.UnknownKind, "OAuth"},
		{"user token of an app", "ghu_" + body, credential.UnknownKind, "user token of a GitHub App"},
		{"installation token", "ghs_" + body, credential.UnknownKind, "installation token"},
		{"refresh token", "ghr_" + body, credential.UnknownKind, "refresh token"},
		{"admin key of OpenAI", "sk-admin-" + body, credential.UnknownKind, "OpenAI"},
		{"key of Anthropic", "sk-ant-admin01-" + body, credential.UnknownKind, "Anthropic"},
		{"key of Cursor", "crsr_" + body, credential.UnknownKind, "Cursor"},
		{"token of GitLab", "glpat-" + body, credential.UnknownKind, "GitLab"},
		{"access key of AWS", "AKIAABCDEFGHIJKLMNOP", credential.UnknownKind, "AWS"},
		{"private key", "-----BEGIN RSA PRIVATE KEY-----", credential.UnknownKind, "private key"},
		{"40 hex digits", strings.Repeat("0a1b2c3d4e", 4), credential.UnknownKind, "before April 2021"},
		{"41 hex digits", strings.Repeat("0a1b2c3d4e", 4) + "f", credential.UnknownKind, "does not begin with"},
	} {
		t.Run(test.name, func(t *testing.T) {
			token := credential.NewToken(test.pasted)
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
			problem, ok := errors.AsType[*fault.Error](err)
			if !ok || problem.Code != fault.NotPAT {
				t.Fatalf("got %v, want code %s", err, fault.NotPAT)
			}
			around := []string{"quotation mark", "begins with the word", "Something stands before", "invisible character"}
			if want := slices.ContainsFunc(around, func(words string) bool { return strings.Contains(problem.Hint, words) }); token.Surrounded() != want {
				t.Errorf("the result of Surrounded is %t", !want)
			}
			if strings.Contains(problem.Hint, body) || strings.Contains(problem.Error(), body) {
				t.Errorf("the error repeats the token: %q, %v", problem.Hint, problem)
			}
			if !strings.Contains(problem.Hint, test.hint) || !strings.HasSuffix(problem.Hint, ".") {
				t.Errorf("hint %q does not say %q in a sentence", problem.Hint, test.hint)
			}
		})
	}
}

func TestTheZeroTokenMayNotBeSent(t *testing.T) {
	if err := (credential.Token{}).Check(); !fault.Is(err, fault.NotPAT) {
		t.Errorf("got %v, want code not_pat", err)
	}
}
