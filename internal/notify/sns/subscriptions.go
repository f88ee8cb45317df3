package sns

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// keepOnly returns the state of each address, by its first spelling. It unsubscribes all other addresses, and every second
// subscription of one address. It must run again after an address has left the list: SNS cannot withdraw an invitation, and a
// person who was removed from the list before confirming can still confirm for two days.
func (p *Post) keepOnly(ctx context.Context, ref connector.Ref, emails []string) (map[string]connector.RecipientState, error) {
	states := map[string]connector.RecipientState{}
	spelled := map[string]string{}
	for _, email := range emails {
		if folded := strings.ToLower(email); spelled[folded] == "" {
			spelled[folded], states[email] = email, connector.RecipientNotSubscribed
		}
	}
	pages := sns.NewListSubscriptionsByTopicPaginator(p.client, &sns.ListSubscriptionsByTopicInput{TopicArn: aws.String(p.topic(ref))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return states, err
		}
		for _, subscription := range page.Subscriptions {
			email, listed := spelled[strings.ToLower(aws.ToString(subscription.Endpoint))]
			switch state := stateOf(aws.ToString(subscription.SubscriptionArn)); {
			case state == connector.RecipientConfirmed && (!listed || states[email] == connector.RecipientConfirmed):
				_, err := p.client.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: subscription.SubscriptionArn})
				if err != nil && !isGone(err) {
					return states, err
				}
			case listed && states[email] != connector.RecipientConfirmed && state != connector.RecipientNotSubscribed:
				states[email] = state
			}
		}
	}
	return states, nil
}

// stateOf reads the state of a subscription from its ARN. Before a person confirms, and for some time after the person
// unsubscribes, SNS puts a fixed word in place of the ARN.
func stateOf(arn string) connector.RecipientState {
	switch {
	case strings.HasPrefix(arn, "arn:"):
		return connector.RecipientConfirmed
	case arn == "PendingConfirmation":
		return connector.RecipientPending
	}
	return connector.RecipientNotSubscribed
}
