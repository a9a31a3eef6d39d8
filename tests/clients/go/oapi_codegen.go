//go:build oapi_codegen

// A trusted server with the client that oapi-codegen makes.
package main

import (
	"context"
	"net/http"
	"os"

	api "clients/generated"
)

func secret(_ context.Context, request *http.Request) error {
	request.Header.Set("X-INGEST-SECRET", os.Getenv("INGEST_SECRET"))
	return nil
}

func hold(ctx context.Context) told {
	client := must(api.NewClientWithResponses(os.Getenv("BASE"), api.WithRequestEditorFn(secret)))
	name, role := "Ada", "Baker"
	asked := api.CreateRequest{CandidateName: &name, Role: &role}
	created := must(client.CreateInterviewWithResponse(ctx, nil, asked)).JSON201
	id := created.SessionId

	turn := func(event api.TrustedEvent) *api.TakeTurnResponse {
		event.SessionId = id
		return must(client.TakeTurnWithResponse(ctx, event))
	}
	answer := func(text string) *api.TakeTurnResponse {
		eventID := "e1"
		return turn(api.TrustedEvent{EventType: api.TrustedEventEventTypeUserTurn, EventId: &eventID, UserText: &text})
	}

	early := answer(written).ApplicationproblemJSON409
	greeting := turn(api.TrustedEvent{EventType: api.TrustedEventEventTypeStart}).JSON200
	empty := answer(" ").ApplicationproblemJSON422
	reply := answer(written).JSON200
	last := spoken[1].id
	heard := api.Heard{Seq: reply.Seq, Text: reply.AssistantText[:5]}
	parts := []api.SpokenPart{{Id: spoken[0].id, Text: spoken[0].text}, {Id: last, Text: spoken[1].text}}
	speech := api.Speech{Words: 5, SpeechMs: 1500, Pauses: 1, LongestPauseMs: 1000}
	turn(api.TrustedEvent{
		EventType: api.TrustedEventEventTypeUserTurn, EventId: &last, Parts: &parts, Heard: &heard, Speech: &speech,
	})
	end := turn(api.TrustedEvent{EventType: api.TrustedEventEventTypeFinish}).JSON200
	read := must(client.ReadInterviewWithResponse(ctx, id, nil)).JSON200
	if deleted := must(client.DeleteInterviewWithResponse(ctx, id)); deleted.StatusCode() != http.StatusNoContent {
		panic(deleted.Status())
	}
	gone := must(client.ReadInterviewWithResponse(ctx, id, nil)).ApplicationproblemJSON404

	result := told{Done: end.Done, Clocks: []bool{greeting.MovesOnAt != nil, read.MovesOnAt != nil}}
	for _, message := range read.Messages {
		var source *string
		if message.Source != nil {
			source = (*string)(message.Source)
		}
		result.Sources = append(result.Sources, source)
		if message.Role == api.User {
			result.Words = append(result.Words, message.Text)
		}
	}
	result.Refusals = []string{
		string(early.Type), string(empty.Type) + " " + empty.Errors[0].Pointer, string(gone.Type),
	}
	return result
}
