package metrics

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"github.com/go-json-experiment/json/jsontext"
)

// maxAggregateRecord bounds the one object of an aggregate report. Its breakdowns grow with the languages,
// models and editors in use, not with the people.
const maxAggregateRecord = 16 << 20

// AggregateReader reads the parts of one day's organization or enterprise report.
type AggregateReader struct {
	date    calendar.Date
	usage   *Usage
	records records
}

// NewAggregateReader returns a reader for the report of that day.
func NewAggregateReader(date calendar.Date) *AggregateReader {
	a := &AggregateReader{date: date}
	a.records = records{limit: maxAggregateRecord, read: a.readRecord}
	return a
}

// ReadPart reads one part to its end. After an error the reader must not be used again.
func (a *AggregateReader) ReadPart(part io.Reader) error {
	return broken("read usage report of "+a.date.String(), a.records.readPart(part))
}

// Usage returns the day's numbers once every part was read: all that the aggregate tells, so without engaged
// users and credits.
func (a *AggregateReader) Usage() (*Usage, error) {
	if a.usage == nil {
		return nil, broken("read usage report of "+a.date.String(), errors.New("it has no record of the day"))
	}
	return a.usage, nil
}

// aggregateRecord is one day, or the days of a 28-day report: the wrapped form is taken wherever it comes. Wrapped days
// are decoded one by one, so that only one is held.
type aggregateRecord struct {
	dayRecord
	DayTotals rows[json.RawMessage] `json:"day_totals"`
}

// dayRecord is the part of GitHub's aggregate record of a day that is used.
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
}

// activity is what every breakdown row of a report carries.
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
}

func (a *AggregateReader) readRecord(dec *jsontext.Decoder) error {
	text, err := dec.ReadValue()
	if err != nil {
		return err
	}
	var record aggregateRecord
	if err := json.Unmarshal(text, &record); err != nil {
		return describeMismatch(err)
	}
	if record.DayTotals == nil {
		return a.addDay(&record.dayRecord)
	}
	for _, text := range record.DayTotals {
		var day dayRecord
		if err := json.Unmarshal(text, &day); err != nil {
			return describeMismatch(err)
		}
		if day.Day != a.date.String() {
			continue
		}
		if err := a.addDay(&day); err != nil {
			return err
		}
	}
	return nil
}

func (a *AggregateReader) addDay(record *dayRecord) error {
	if record.Day == "" && record.DailyActiveUsers == nil {
		return errors.New("it is not a usage record: neither day nor daily_active_users")
	}
	if record.Day != "" && record.Day != a.date.String() {
		return errors.New("it is the record of another day")
	}
	usage, err := rollUp(record)
	if err != nil {
		return err
	}
	// Parts may repeat the record. Two that differ cannot both be the day's.
	if a.usage != nil && !reflect.DeepEqual(a.usage, usage) {
		return fmt.Errorf("two different records of %s", a.date)
	}
	a.usage = usage
	return nil
}

// embedded takes our own names out of the paths that encoding/json gives to fields.
var embedded = strings.NewReplacer("dayRecord.", "", "activity.", "")

// describeMismatch says what is wrong with values without repeating them. That they are JSON is known.
func describeMismatch(err error) error {
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return err
	}
	kind, _, _ := strings.Cut(wrong.Value, " ")
	switch field := embedded.Replace(wrong.Field); {
	case field == "" && kind == "array":
		return errors.New("an array stands where an object belongs")
	case field == "":
		return fmt.Errorf("a %s stands where an object belongs", kind)
	case kind == "number":
		return fmt.Errorf("%s is a number with a fraction, out of range, or where none belongs", field)
	default:
		return fmt.Errorf("%s is of the wrong type: %s", field, kind)
	}
}
