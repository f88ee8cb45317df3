package metrics

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// maxAggregateRecord bounds the one object of an aggregate report. Its size depends on the number of languages, models and editors,
// not on the number of people.
const maxAggregateRecord = 16 << 20

// AggregateReader reads the parts of one day's organization or enterprise report.
type AggregateReader struct {
	date    calendar.Date
	owner   Owner
	usage   *Usage
	record  []byte // the record of the day, as GitHub sent it
	unknown unknown
	records records
}

// NewAggregateReader returns a reader for an account's report of a day.
func NewAggregateReader(date calendar.Date, owner Owner) *AggregateReader {
	a := &AggregateReader{date: date, owner: owner}
	a.records = records{limit: maxAggregateRecord, read: a.readRecord}
	return a
}

// ReadPart reads one part to its end. After an error the reader must not be used again.
func (a *AggregateReader) ReadPart(part io.Reader) error {
	return broken("read usage report of "+a.date.String(), a.records.readPart(part))
}

// AccountID returns the account's id: the expected one, else the one that the records name, else "".
func (a *AggregateReader) AccountID() string { return a.owner.ID }

// Usage returns the day's numbers. It must be called after every part was read. Engaged users and credits are missing, because the
// aggregate does not have them.
func (a *AggregateReader) Usage() (*Usage, error) {
	if a.usage == nil {
		return nil, broken("read usage report of "+a.date.String(), errors.New("it has no record of the day"))
	}
	return a.usage, nil
}

// Record returns GitHub's own record of the day as it was sent. It must be called after every part was read. The record is stored
// with the day, so that a figure that is added later can be computed for days that GitHub has forgotten.
func (a *AggregateReader) Record() []byte { return a.record }

// Unknown returns the names of fields that GitHub does not document, with the number of records that have each.
func (a *AggregateReader) Unknown() map[string]int { return a.unknown.all() }

// aggregateRecord is one day, or an object around several days as in a 28-day report. Both forms are accepted in every report.
// The days within an object are decoded one by one, so that only one is in memory.
type aggregateRecord struct {
	accountRecord
	dayRecord
	DayTotals rows[jsontext.Value] `json:"day_totals"`
}

// accountRecord has the ids of the account. GitHub puts them beside the numbers of a day, or around several days.
type accountRecord struct {
	OrganizationID accountID `json:"organization_id"`
	EnterpriseID   accountID `json:"enterprise_id"`
}

// of returns the id of the account of this scope.
func (r accountRecord) of(o Owner) accountID {
	if o.idField() == "enterprise_id" {
		return r.EnterpriseID
	}
	return r.OrganizationID
}

// dayRecord holds the fields of GitHub's aggregate record of a day that are used.
// https://docs.github.com/en/copilot/reference/copilot-usage-metrics/copilot-usage-metrics
type dayRecord struct {
	Day               string                      `json:"day"`
	DailyActiveUsers  *int64                      `json:"daily_active_users"`
	DailyActiveCLI    *int64                      `json:"daily_active_cli_users"`
	ByIDE             rows[ideRecord]             `json:"totals_by_ide"`
	ByFeature         rows[featureRecord]         `json:"totals_by_feature"`
	ByLanguageFeature rows[languageFeatureRecord] `json:"totals_by_language_feature"`
	ByModelFeature    rows[modelFeatureRecord]    `json:"totals_by_model_feature"`
	CLI               *cliRecord                  `json:"totals_by_cli"`
	PullRequests      *pullRequestsRecord         `json:"pull_requests"`
	furtherRecord

	Rest map[string]jsontext.Value `json:",embed"` // undocumented fields, and fields that are not read
}

// unread are documented fields of the record that are not read, because their parts are read or nobody needs them.
var unread = []string{
	"user_initiated_interaction_count", "code_generation_activity_count", "code_acceptance_activity_count", "loc_suggested_to_add_sum",
	"loc_suggested_to_delete_sum", "loc_added_sum", "loc_deleted_sum", "chat_panel_ask_mode", "chat_panel_edit_mode", "chat_panel_agent_mode",
	"chat_panel_plan_mode", "chat_panel_custom_mode", "chat_panel_unknown_mode", "monthly_active_chat_users", "monthly_active_agent_users",
	"weekly_active_copilot_cloud_agent_users", "monthly_active_copilot_cloud_agent_users", "weekly_active_copilot_code_review_users",
	"monthly_active_copilot_code_review_users", "weekly_passive_copilot_code_review_users", "monthly_passive_copilot_code_review_users",
	"totals_by_language_model", "distinct_skill_use_count", "distinct_custom_agent_use_count", "distinct_mcp_use_count",
	"distinct_slash_cmd_use_count", "distinct_plugin_use_count", "etl_id", "day_partition", "entity_id_partition",
	"report_start_day", "report_end_day",
}

// noteRest notes the undocumented fields of an aggregate record.
func (u *unknown) noteRest(rest map[string]jsontext.Value) {
	u.begin()
	for name := range rest {
		if !slices.Contains(unread, name) {
			u.note([]byte(`"` + name + `"`))
		}
	}
	u.end()
}

// activity holds the counts that every breakdown row of a report has.
type activity struct {
	Interactions *int64 `json:"user_initiated_interaction_count"`
	Generated    *int64 `json:"code_generation_activity_count"`
	Accepted     *int64 `json:"code_acceptance_activity_count"`
	LinesOffered *int64 `json:"loc_suggested_to_add_sum"`
	LinesAdded   *int64 `json:"loc_added_sum"`
}

type ideRecord struct {
	IDE string `json:"ide"`
	activity
}

type featureRecord struct {
	Feature string `json:"feature"`
	activity
	LinesDeleted *int64 `json:"loc_deleted_sum"`
}

type languageFeatureRecord struct {
	Language string `json:"language"`
	Feature  string `json:"feature"`
	activity
}

type modelFeatureRecord struct {
	Model   string `json:"model"`
	Feature string `json:"feature"`
	activity
}

type cliRecord struct {
	Sessions *int64 `json:"session_count"`
	Requests *int64 `json:"request_count"`
	Tokens   struct {
		Prompt *int64 `json:"prompt_tokens_sum"`
		Output *int64 `json:"output_tokens_sum"`
	} `json:"token_usage"`
}

type pullRequestsRecord struct {
	Created            *int64   `json:"total_created"`
	Reviewed           *int64   `json:"total_reviewed"`
	Merged             *int64   `json:"total_merged"`
	CreatedByCopilot   *int64   `json:"total_created_by_copilot"`
	ReviewedByCopilot  *int64   `json:"total_reviewed_by_copilot"`
	CopilotSuggestions *int64   `json:"total_copilot_suggestions"`
	CopilotApplied     *int64   `json:"total_copilot_applied_suggestions"`
	MedianToMerge      *float64 `json:"median_minutes_to_merge"`

	MergedCreatedByCopilot  *int64                  `json:"total_merged_created_by_copilot"`
	MergedReviewedByCopilot *int64                  `json:"total_merged_reviewed_by_copilot"`
	Suggestions             *int64                  `json:"total_suggestions"`
	Applied                 *int64                  `json:"total_applied_suggestions"`
	MedianCopilotAuthored   *float64                `json:"median_minutes_to_merge_copilot_authored"`
	MedianCopilotReviewed   *float64                `json:"median_minutes_to_merge_copilot_reviewed"`
	ByCommentType           rows[commentTypeRecord] `json:"copilot_suggestions_by_comment_type"`
}

type commentTypeRecord struct {
	CommentType string `json:"comment_type"`
	Suggestions *int64 `json:"total_copilot_suggestions"`
	Applied     *int64 `json:"total_copilot_applied_suggestions"`
}

func (a *AggregateReader) readRecord(s *scanner) error {
	text, err := s.value()
	if err != nil {
		return err
	}
	var record aggregateRecord
	if err := decode(text, &record); err != nil {
		return err
	}
	if err := a.owner.check(record.of(a.owner)); err != nil {
		return err
	}
	if record.DayTotals == nil {
		return a.addDay(&record.dayRecord, text)
	}
	for _, text := range record.DayTotals {
		var day struct {
			accountRecord
			dayRecord
		}
		if err := decode(text, &day); err != nil {
			return err
		}
		if err := a.owner.check(day.of(a.owner)); err != nil {
			return err
		}
		if day.Day != a.date.String() {
			continue
		}
		if err := a.addDay(&day.dayRecord, text); err != nil {
			return err
		}
	}
	return nil
}

// decode decodes a record. Names must match to the letter, and none may be repeated, because nobody could know which value is
// right.
func decode(text jsontext.Value, record any) error {
	return describeMismatch(json.Unmarshal(text, record, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(false)))
}

func (a *AggregateReader) addDay(record *dayRecord, text jsontext.Value) error {
	if record.Day == "" && record.DailyActiveUsers == nil {
		return errors.New("it is not a usage record: neither day nor daily_active_users")
	}
	if record.Day != "" && record.Day != a.date.String() {
		return fmt.Errorf("it is the record of another day%s", named(record.Day))
	}
	usage, err := rollUp(record)
	if err != nil {
		return err
	}
	// Parts may repeat the record. If two differ, at least one of them is wrong.
	if a.usage != nil && !reflect.DeepEqual(a.usage, usage) {
		return fmt.Errorf("two different records of %s", a.date)
	}
	a.unknown.noteRest(record.Rest)
	if a.usage == nil {
		a.record = bytes.Clone(text)
	}
	a.usage = usage
	return nil
}

// named returns the day that a report names, as the end of a sentence. It comes from outside, so it is repeated only if it is a
// valid date.
func named(day string) string {
	if date, err := calendar.ParseDate(day); err == nil {
		return ", " + date.String()
	}
	return ""
}

// describeMismatch says what is wrong with a record, which is valid JSON. It repeats nothing of the record.
func describeMismatch(err error) error {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok && errors.Is(err, jsontext.ErrDuplicateName) {
		return fmt.Errorf("it repeats a field at byte %d", syntax.ByteOffset+1)
	}
	wrong, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return err
	}
	field := fieldAt(wrong.JSONPointer)
	switch kind := kindNames[wrong.JSONKind]; {
	case wrong.JSONKind == 0 && wrong.Err != nil: // an error of our own unmarshalers
		return wrong.Err
	case field == "":
		return fmt.Errorf("%s stands where an object belongs", kind)
	case wrong.JSONKind == '0':
		return fmt.Errorf("%s is a number with a fraction, out of range, or where none belongs", field)
	default:
		return fmt.Errorf("%s is of the wrong type: %s", field, kind)
	}
}

// fieldAt returns the path to a field, without the numbers of rows. The decoder reports only fields that it knows, so these names
// are ours.
func fieldAt(pointer jsontext.Pointer) string {
	var names []string
	for name := range pointer.Tokens() {
		if _, err := strconv.Atoi(name); err != nil {
			names = append(names, name)
		}
	}
	return strings.Join(names, ".")
}
