package sns

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// keepOnly tells where each of the addresses stands, of those that are given twice the first spelling, and unsubscribes
// everybody else and every second subscription of one address. It has to be done time and again: SNS cannot take an
// invitation back, and who was taken off the list before confirming can still do so for two days.
func (p *Post) keepOnly(ctx context.Context, ref connector.Ref, emails []string) (map[string]connector.RecipientState, error) {
	standing := map[string]connector.RecipientState{}
	spelled := map[string]string{}
	for _, email := range emails {
		if folded := strings.ToLower(email); spelled[folded] == "" {
			spelled[folded], standing[email] = email, connector.RecipientNotSubscribed
		}
	}
	pages := sns.NewListSubscriptionsByTopicPaginator(p.client, &sns.ListSubscriptionsByTopicInput{TopicArn: aws.String(p.topic(ref))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return standing, err
		}
		for _, subscription := range page.Subscriptions {
			email, listed := spelled[strings.ToLower(aws.ToString(subscription.Endpoint))]
			switch state := stateOf(aws.ToString(subscription.SubscriptionArn)); {
			case state == connector.RecipientConfirmed && (!listed || standing[email] == connector.RecipientConfirmed):
				_, err := p.client.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: subscription.SubscriptionArn})
				if err != nil && !isGone(err) {
					return standing, err
				}
			case listed && standing[email] != connector.RecipientConfirmed && state != connector.RecipientNotSubscribed:
				standing[email] = state
			}
		}
	}
	return standing, nil
}

// stateOf reads the state of a subscription off its ARN. Before it is confirmed SNS puts a word in the place of it, and
// another one for a while after somebody has unsubscribed.
func stateOf(arn string) connector.RecipientState {
	switch {
	case strings.HasPrefix(arn, "arn:"):
		return connector.RecipientConfirmed
	case arn == "PendingConfirmation":
		return connector.RecipientPending
	}
	return connector.RecipientNotSubscribed
}
