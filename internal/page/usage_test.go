package page_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// further has GitHub's numbers of days besides completions and chat.
type further struct {
	Date     string
	Features []struct {
		Name                   string
		Interactions, Accepted *int
	}
	Tools []struct {
		Name         string
		Interactions *int
	}
	Adoption []struct {
		Phase        string
		People28Days *int
	}
	Agents *struct {
		VSCode, App *struct{ ActiveUsers, Sessions, Messages, Requests *int }
		Cloud       *struct{ ActiveUsers *int }
		ThirdParty  []struct {
			Name                   string
			Sessions, Interactions *int
		}
	}
	PullRequests *struct{ Created, MergedCreatedByCopilot, AppliedSuggestions *int }
}

// showsFurther compares the tables of Usage with the API.
func (b *tab) showsFurther(t *testing.T, run program, path string) {
	t.Helper()
	var usage struct {
		Days   []further
		Totals further
	}
	run.get(t, path+"/usage", &usage)
	b.press("Usage")
	b.sees("Agents, tools and reviews")
	b.until(`page.all(".loading").length === 0`)
	rows := map[string][]string{}
	row := func(table string, cells ...string) { rows[table] = append(rows[table], strings.Join(cells, " | ")) }
	for _, f := range usage.Totals.Features {
		row("Features", strings.ReplaceAll(f.Name, "_", " "), count(f.Interactions), count(f.Accepted))
	}
	for _, tool := range usage.Totals.Tools {
		row("Tools", tool.Name, count(tool.Interactions))
	}
	newest := usage.Days[slices.IndexFunc(usage.Days, func(d further) bool { return d.Adoption != nil }):]
	for _, day := range slices.Backward(newest) {
		if day.Adoption == nil {
			continue
		}
		for _, p := range day.Adoption {
			row("Phases of adoption", p.Phase, count(p.People28Days))
		}
		vscode := day.Agents.VSCode.ActiveUsers
		row("Agents", "In VS Code", count(vscode), count(usage.Totals.Agents.VSCode.Sessions), count(usage.Totals.Agents.VSCode.Messages))
		row("Agents", "In the cloud", count(day.Agents.Cloud.ActiveUsers), "–", "–")
		break
	}
	for _, a := range usage.Totals.Agents.ThirdParty {
		row("Agents", a.Name, "–", count(a.Sessions), count(a.Interactions))
	}
	pulls := usage.Totals.PullRequests
	row("Pull requests", "created", count(pulls.Created))
	row("Pull requests", "merged, created by Copilot", count(pulls.MergedCreatedByCopilot))
	row("Pull requests", "suggestions applied", count(pulls.AppliedSuggestions))
	var repositories struct {
		Repositories []struct {
			Name         string
			PullRequests *struct{ Merged, MergedCreatedByCopilot *int }
		}
	}
	run.get(t, path+"/repositories", &repositories)
	for _, r := range repositories.Repositories {
		row("Repositories", r.Name, count(r.PullRequests.Merged), count(r.PullRequests.MergedCreatedByCopilot)+" by Copilot")
	}
	if len(repositories.Repositories) == 0 {
		t.Error("the account has no repositories")
	}
	for table, want := range rows {
		shown := read[[]string](b, fmt.Sprintf(`page.all("table[aria-label='%s'] tbody tr").map((r) => [...r.cells].map((c) => c.innerText.trim()).join(" | ") + " | ")`, table))
		for _, line := range want {
			if !slices.ContainsFunc(shown, func(s string) bool { return strings.HasPrefix(s, line+" | ") }) {
				t.Errorf("%s has no row %s, but %q", table, line, shown)
			}
		}
	}
}
