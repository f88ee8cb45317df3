package githubsim

import (
	"strconv"
	"time"
)

// userRow is one person's day in a users report. A reduced record has no details.
type userRow struct {
	UserID         any      `json:"user_id"` // int64 mostly, now and then a string
	UserLogin      string   `json:"user_login"`
	Day            string   `json:"day"`
	StartDay       string   `json:"report_start_day,omitempty"` // 28-day reports only
	EndDay         string   `json:"report_end_day,omitempty"`
	OrganizationID string   `json:"organization_id,omitempty"`
	EnterpriseID   string   `json:"enterprise_id,omitempty"`
	AICreditsUsed  *float64 `json:"ai_credits_used,omitempty"`
	tally
	*userDetail
	pipeline
}

// pipeline holds fields of GitHub's own processing, which appear in its files and in no documentation.
type pipeline struct {
	ETLID              string `json:"etl_id"`
	DayPartition       string `json:"day_partition"`
	EntityIDPartition  int    `json:"entity_id_partition"`
	UndocumentedSchema schema `json:"schema_info"` // stands for any field that GitHub may add
}

type schema struct {
	Revision int      `json:"revision"`
	Notes    []string `json:"notes"`
}

func pipelineOf(on day) pipeline {
	return pipeline{ETLID: "green", DayPartition: on.String(), EntityIDPartition: 1, UndocumentedSchema: schema{7, []string{}}}
}

type userDetail struct {
	UsedChat          bool  `json:"used_chat"`
	UsedAgent         bool  `json:"used_agent"`
	UsedCLI           bool  `json:"used_cli"`
	UsedCopilotApp    *bool `json:"used_copilot_app"`
	UsedCloudAgent    bool  `json:"used_copilot_cloud_agent"`
	UsedCodingAgent   bool  `json:"used_copilot_coding_agent"` // the older name of used_copilot_cloud_agent
	UsedReviewActive  *bool `json:"used_copilot_code_review_active"`
	UsedReviewPassive *bool `json:"used_copilot_code_review_passive"`
	breakdownArrays
	CLI           *totalsByCLI   `json:"totals_by_cli,omitempty"`
	AdoptionPhase *adoptionPhase `json:"ai_adoption_phase,omitempty"`
}

type adoptionPhase struct {
	Phase   string `json:"phase"`
	Number  int    `json:"phase_number"`
	Version string `json:"version"`
}

type ideVersion struct {
	Version   string `json:"ide_version"`
	SampledAt string `json:"sampled_at"`
}

type pluginVersion struct {
	Plugin    string `json:"plugin"`
	Version   string `json:"plugin_version"`
	SampledAt string `json:"sampled_at"`
}

// row returns a person's row, and false if the person is not in the day's report.
func (p population) row(user int, on day) (userRow, bool) {
	done := p.activity(user, on)
	if done.presence == absent {
		return userRow{}, false
	}
	row := userRow{
		UserID: personID(user), UserLogin: personLogin(user), Day: on.String(),
		tally: done.tally, pipeline: pipelineOf(on),
	}
	if p.dice.roll(user, on, spelling) < 0.03 {
		row.UserID = strconv.FormatInt(personID(user), 10)
	}
	if p.account.Kind == Enterprise {
		row.EnterpriseID = p.account.idString()
	} else {
		row.OrganizationID = p.account.idString()
	}
	if hundredths := done.hundredths(); hundredths > 0 || done.presence == observed && on >= creditsSince {
		credits := float64(hundredths) / 100
		row.AICreditsUsed = &credits
	}
	if done.presence == observed {
		row.userDetail = p.detail(user, on, done)
	}
	return row, true
}

func (p population) detail(user int, on day, done activity) *userDetail {
	var sums breakdowns
	sums.add(done.cells)
	detail := &userDetail{
		UsedChat: p.chats(user, on), UsedAgent: p.delegates(user, on), UsedCLI: done.cli.sessions > 0,
		breakdownArrays: sums.arrays(),
		CLI:             done.cli.totals(),
		AdoptionPhase:   &adoptionPhase{Phase: "Phase 1", Number: 1, Version: "v1"},
	}
	if detail.UsedAgent {
		detail.AdoptionPhase = &adoptionPhase{Phase: "Phase 2", Number: 2, Version: "v1"}
	}
	if user%3 == 0 {
		reviewed := on%2 == 0
		detail.UsedReviewActive = &reviewed
	}
	sampled := on.midnight().Add(9*time.Hour + time.Duration(user%3600)*time.Second).Format("2006-01-02T15:04:05.000Z")
	for i := range detail.IDE {
		row := &detail.IDE[i]
		release := releases[row.IDE]
		row.IDEVersion = &ideVersion{release.version, sampled}
		row.PluginVersion = &pluginVersion{release.plugin, release.pluginVersion, sampled}
	}
	if detail.CLI != nil {
		detail.CLI.LastKnown = &cliVersion{"1.0.12", sampled}
	}
	return detail
}
