//go:build !race

package adminapi_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
)

// disguise adds characters to GitHub's names that no terminal or page may obey.
var disguise = strings.NewReplacer(
	`"vscode"`, `"vs\u001bcode"`, `"python"`, "\"py\u202ethon\"", `"gpt-5"`, "\"gpt\u0085-5\"", `"gpt-4.1-copilot"`, `"gpt\u0000\u0007"`,
	`"user_login":"`, "\"user_login\":\"u\u007f", `"name":"`, "\"name\":\"n\u2066", `"last_activity_editor":"`, "\"last_activity_editor\":\"e\u009b",
	`"slug":"`, `"slug":"s\u001b`,
)

// disguised makes GitHub answer with such names.
func (a *app) disguised() {
	const inner = "X-Inner"
	a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get(inner) != "" {
			return false
		}
		again, answer := r.Clone(r.Context()), httptest.NewRecorder()
		again.Header.Set(inner, "1")
		a.github.ServeHTTP(answer, again)
		for name, values := range answer.Header() {
			if name != "Content-Length" && name != "Etag" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write([]byte(disguise.Replace(answer.Body.String())))
		return true
	})
}

var (
	oddTime  = regexp.MustCompile(`[0-9]T[0-9:]{8}[.,+-]`)
	oddMoney = regexp.MustCompile(`"amount":"-?[0-9]+(\.[0-9])?"`)
)

func TestEveryRouteShowsNamesTimesAndMoneyInTheSameForm(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	a.Set(noon.Add(123456789 * time.Nanosecond))
	a.disguised()
	connector := a.saved()
	a.Set(noon.Add(time.Hour + 987654321*time.Nanosecond))
	shown := ""
	for _, route := range everyRoute() {
		if route.path == "/connectors" && route.method == http.MethodPost || route.method == http.MethodDelete {
			continue
		}
		for _, query := range []string{"", "by=editor", "by=language", "by=model"} {
			if query != "" && (!strings.Contains(route.path, "kind=usage") && !strings.Contains(route.path, "kind=cost&format=json")) {
				continue
			}
			got := a.send(route.method, route.in(connector, query), route.body)
			text := string(got.body)
			if odd := strings.IndexFunc(text, func(r rune) bool {
				return unicode.IsControl(r) && r != '\n' || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
			}); odd >= 0 || strings.Contains(text, `\u00`) {
				t.Errorf("%s %s shows a control character: …%q", route.method, route.path, text[max(odd-40, 0):min(max(odd, 0)+20, len(text))])
			}
			if odd := oddTime.FindString(text) + oddMoney.FindString(text); odd != "" {
				t.Errorf("%s %s shows %s", route.method, route.path, odd)
			}
			shown += text
		}
	}
	for _, name := range []string{"vs\ufffdcode", "py\ufffdthon", "gpt\ufffd-5", "gpt\ufffd\ufffd", "u\ufffd"} {
		if !strings.Contains(shown, name) {
			t.Errorf("no answer shows %q", name)
		}
	}
}
