package deployed_test

import (
	"cmp"
	"regexp"
	"slices"
	"testing"
)

// alarm is an alarm on one metric, or on an expression over several metrics.
type alarm struct {
	metric
	AlarmActions, OKActions       []string
	ActionsEnabled                *bool
	Statistic, ComparisonOperator string
	Threshold                     float64
	Period, EvaluationPeriods     int
	DatapointsToAlarm             int // 0 stands for all
	TreatMissingData              string
	WarmUpConfiguration           struct{ WarmUpPeriodDurationInMinutes int }
	Metrics                       []query
}

type query struct {
	ID, Expression string
	ReturnData     *bool
	MetricStat     *struct {
		Metric metric
		Period int
		Stat   string
	}
}

// of reports whether the query asks for a statistic of a metric of five minutes, and does not return it itself.
func (q query) of(id, stat, name string) bool {
	m := q.MetricStat
	return q.ID == id && q.ReturnData != nil && !*q.ReturnData && m != nil && m.Stat == stat && m.Period == 300 && m.Metric.MetricName == name
}

// asked returns the metrics of an alarm.
func (a alarm) asked() []metric {
	asked := []metric{a.metric}
	if a.Metrics != nil {
		asked = nil
	}
	for _, query := range a.Metrics {
		if query.MetricStat != nil {
			asked = append(asked, query.MetricStat.Metric)
		}
	}
	return asked
}

// whileFewAreDone is the expression of an alarm on the age of what waits, which holds only while little is done.
const whileFewAreDone = "IF(FILL(done, 0) < 1500, age, 0)"

// share is the expression of an alarm on connectors behind. It is above 0 if more than one connector in a thousand is behind.
const share = "IF(1000 * behind > connectors, behind, 0)"

// isShare reports whether an alarm is on share, over the two counts of the reminders.
func (a alarm) isShare() bool {
	counted := func(q query, id, name string) bool {
		m := q.MetricStat
		return q.ID == id && q.ReturnData != nil && !*q.ReturnData && m != nil && m.Stat == "Maximum" && m.Period == 3600 && m.Metric.MetricName == name
	}
	return len(a.Metrics) == 3 && a.Metrics[0].Expression == share &&
		counted(a.Metrics[1], "behind", "ConnectorsBehind") && counted(a.Metrics[2], "connectors", "Connectors")
}

// over returns the statistic of an alarm. For a sum of several metrics it returns Sum, and for share and whileFewAreDone the
// alarm's own expression.
func (a alarm) over() string {
	if a.isShare() {
		return share
	}
	if len(a.Metrics) == 3 && a.Metrics[0].Expression == whileFewAreDone {
		if age, done := a.Metrics[1], a.Metrics[2]; age.of("age", "Maximum", "ApproximateAgeOfOldestMessage") &&
			done.of("done", "Sum", "NumberOfMessagesDeleted") && slices.Equal(age.MetricStat.Metric.Dimensions, done.MetricStat.Metric.Dimensions) {
			return whileFewAreDone
		}
	}
	sum := false
	for _, query := range a.Metrics {
		shown := query.ReturnData == nil || *query.ReturnData
		switch {
		case query.MetricStat == nil && shown && query.Expression == "SUM(FILL(METRICS(), 0))":
			sum = true
		case query.MetricStat == nil || shown || query.MetricStat.Stat != "Sum":
			return "neither one statistic nor the sum of several"
		}
	}
	if sum {
		return "Sum"
	}
	return a.Statistic
}

func TestAlarmsAreOnExistingMetrics(t *testing.T) {
	counted, failures := emitted(t), map[string]bool{} // failures: the codes that the API answers with 500
	for _, source := range sources(t, "../adminapi") {
		for _, match := range regexp.MustCompile(`newProblem\(http\.StatusInternalServerError, "(\w+)"`).FindAllStringSubmatch(source, -1) {
			failures[match[1]] = true
		}
	}
	for name, parameters := range parameterSets {
		t.Run(name, func(t *testing.T) {
			stack := declared(t, parameters)
			for id, alarm := range propertiesOf[alarm](t, stack, "AWS::CloudWatch::Alarm") {
				for _, metric := range alarm.asked() {
					metric.exists(t, id, stack, counted)
					if len(metric.Dimensions) > 1 && !(metric.MetricName == "Requests" && failures[metric.Dimensions[1].Value]) {
						t.Errorf("%s is on %+v; of the metrics with a code, only the API's own failures %v may have an alarm", id, metric, failures)
					}
				}
			}
		})
	}
}

func TestEveryAlarmNotifiesOperatorsWhenItBeginsAndEnds(t *testing.T) {
	stack := declared(t, nil)
	topics := propertiesOf[struct{}](t, stack, "AWS::SNS::Topic")
	operations := []string{"${Operations}"}
	for id, alarm := range propertiesOf[alarm](t, stack, "AWS::CloudWatch::Alarm") {
		if _, ok := topics["Operations"]; !ok || !slices.Equal(alarm.AlarmActions, operations) || !slices.Equal(alarm.OKActions, operations) {
			t.Errorf("%s notifies %v when it begins and %v when it ends; both must be the topic of the operators", id, alarm.AlarmActions, alarm.OKActions)
		}
		if alarm.ActionsEnabled != nil && !*alarm.ActionsEnabled {
			t.Errorf("%s notifies nobody: its actions are off", id)
		}
	}
	mails := propertiesOf[struct{ TopicArn, Protocol, Endpoint string }](t, declared(t, everything), "AWS::SNS::Subscription")
	for id, mail := range mails {
		if mail.TopicArn != operations[0] || mail.Protocol != "email" || mail.Endpoint != everything["NotificationAddress"] {
			t.Errorf("%s does not mail the topic's messages to NotificationAddress: %+v", id, mail)
		}
	}
	if len(mails) != 1 {
		t.Errorf("NotificationAddress has %d subscriptions", len(mails))
	}
}

// TestAlarmsRingWhenTheManualSaysSo compares each alarm with its paragraph in docs/OPERATIONS.md.
func TestAlarmsRingWhenTheManualSaysSo(t *testing.T) {
	const greater, less = "GreaterThanThreshold", "LessThanThreshold"
	type when struct {
		over, comparison string
		threshold        float64
		missing          string
	}
	manual := map[string]when{
		"NoPollAlarm":           {"Sum", less, 1, "breaching"},         // a poll that did not run writes no metric
		"NoRemindersAlarm":      {"SampleCount", less, 1, "breaching"}, // a run without connectors writes the value 0
		"ConnectorsBehindAlarm": {share, greater, 0, "ignore"},         // keeps its state until the next count
		"FailedTasksAlarm":      {"Maximum", greater, 0, "notBreaching"},
		"LostTriggersAlarm":     {"Maximum", greater, 0, "notBreaching"},
		"TasksDelayedAlarm":     {whileFewAreDone, greater, 2 * 60 * 60, "notBreaching"},
		"InternalErrorsAlarm":   {"Sum", greater, 0, "notBreaching"},
		"FunctionErrorsAlarm":   {"Sum", greater, 0, "notBreaching"},
		"ThrottlesAlarm":        {"Sum", greater, 0, "notBreaching"},
		"TableThrottlesAlarm":   {"Sum", greater, 100, "notBreaching"},
	}
	alarms := propertiesOf[alarm](t, declared(t, nil), "AWS::CloudWatch::Alarm")
	if len(alarms) != len(manual) {
		t.Errorf("the template has %d alarms, and this test %d", len(alarms), len(manual))
	}
	for id, a := range alarms {
		if got := (when{a.over(), a.ComparisonOperator, a.Threshold, a.TreatMissingData}); got != manual[id] {
			t.Errorf("%s rings at %v, want %v", id, got, manual[id])
		}
		periods := cmp.Or(a.DatapointsToAlarm, a.EvaluationPeriods)
		switch {
		case a.TreatMissingData == "breaching":
			// 24 hours lie between two daily runs, and a run may be some hours late.
			if periods != 26 || a.EvaluationPeriods != 26 || a.Period != 3600 || a.WarmUpConfiguration.WarmUpPeriodDurationInMinutes != 26*60 {
				t.Errorf("%s must ring after 26 silent hours, and not for a younger stack: %+v", id, a)
			}
		case a.Threshold == 0 && periods != 1:
			t.Errorf("%s must ring at the first period with a failure, but waits for %d periods", id, periods)
		case a.over() == share: // both counts come with one line of the log
			if a.EvaluationPeriods != 1 {
				t.Errorf("%s must ring with the first count", id)
			}
		case id == "TableThrottlesAlarm" && periods != 6:
			t.Errorf("%s must ring when throttling lasts for half an hour, but rings after %d periods", id, periods)
		case a.Metrics != nil && a.EvaluationPeriods < 3:
			t.Errorf("%s looks at %d periods; it would miss figures of Lambda that arrive later", id, a.EvaluationPeriods)
		}
	}
}

func TestTheAlarmsOnErrorsAndThrottlesCoverEveryFunction(t *testing.T) {
	stack := declared(t, nil)
	alarms := propertiesOf[alarm](t, stack, "AWS::CloudWatch::Alarm")
	for id, name := range map[string]string{"FunctionErrorsAlarm": "Errors", "ThrottlesAlarm": "Throttles"} {
		watched := map[string]bool{}
		for _, metric := range alarms[id].asked() {
			if metric.MetricName == name {
				watched[nameIn(metric.Dimensions[0].Value)] = true
			}
		}
		for function := range propertiesOf[struct{}](t, stack, "AWS::Lambda::Function") {
			if !watched[function] {
				t.Errorf("%s does not ring for %s", id, function)
			}
		}
	}
}
