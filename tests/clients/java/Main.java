import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.InterviewsApi;
import org.openapitools.client.api.TurnsApi;
import org.openapitools.client.auth.HttpBearerAuth;
import org.openapitools.client.model.CandidateEvent;
import org.openapitools.client.model.CandidateEvent.EventTypeEnum;
import org.openapitools.client.model.CreateRequest;
import org.openapitools.client.model.CreatedInterview;
import org.openapitools.client.model.FieldProblem;
import org.openapitools.client.model.Heard;
import org.openapitools.client.model.Interview;
import org.openapitools.client.model.Message;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.Source;
import org.openapitools.client.model.Speech;
import org.openapitools.client.model.SpokenPart;
import org.openapitools.client.model.Turn;

/** A candidate's own client, made by openapi-generator. */
public final class Main {
    private static final String WRITTEN = "I bake bread.";

    private interface Call {
        Object go() throws ApiException;
    }

    private static String refused(Call call) throws Exception {
        Object answer;
        try {
            answer = call.go();
        } catch (ApiException error) {
            if (error.getCode() != 422) return Problem.fromJson(error.getResponseBody()).getType().getValue();
            FieldProblem problem = FieldProblem.fromJson(error.getResponseBody());
            return problem.getType().getValue() + " " + problem.getErrors().get(0).getPointer();
        }
        throw new IllegalStateException(String.valueOf(answer));
    }

    private static SpokenPart part(String id, String text) {
        return new SpokenPart().id(id).text(text);
    }

    public static void main(String[] arguments) throws Exception {
        ApiClient client = new ApiClient();
        client.setBasePath(System.getenv("BASE"));
        InterviewsApi interviews = new InterviewsApi(client);
        TurnsApi turns = new TurnsApi(client);
        CreateRequest asked = new CreateRequest().candidateName("Ada").role("Baker");
        CreatedInterview created = interviews.createInterview(asked, null, null);
        ((HttpBearerAuth) client.getAuthentication("sessionToken")).setBearerToken(created.getSessionToken());
        UUID id = created.getSessionId();

        List<String> refusals = new ArrayList<>();
        refusals.add(refused(() -> turns.takeTurnAsCandidate(answer(id, "e1").userText(WRITTEN))));
        Turn greeting = turns.takeTurnAsCandidate(event(id, EventTypeEnum.START));
        refusals.add(refused(() -> turns.takeTurnAsCandidate(answer(id, "e1").userText(" "))));
        Turn reply = turns.takeTurnAsCandidate(answer(id, "e1").userText(WRITTEN));
        Heard heard = new Heard().seq(reply.getSeq()).text(reply.getAssistantText().substring(0, 5));
        List<SpokenPart> parts = List.of(part("e2", "I bake cakes"), part("e3", "for weddings."));
        Speech speech = new Speech().words(5).speechMs(1500).pauses(1).longestPauseMs(1000);
        turns.takeTurnAsCandidate(answer(id, "e3").parts(parts).heard(heard).speech(speech));
        Turn end = turns.takeTurnAsCandidate(event(id, EventTypeEnum.FINISH));
        Interview read = interviews.readInterview(id, null, null);
        interviews.deleteInterview(id);
        refusals.add(refused(() -> interviews.readInterview(id, null, null)));

        OffsetDateTime clock = greeting.getMovesOnAt();
        List<String> sources = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (Message message : read.getMessages()) {
            Source source = message.getSource();
            sources.add(source == null ? null : source.getValue());
            if (message.getRole() == Message.RoleEnum.USER) words.add(message.getText());
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("done", end.getDone());
        told.put("clocks", List.of(clock != null, read.getMovesOnAt() != null));
        told.put("sources", sources);
        told.put("words", words);
        told.put("refusals", refusals);
        Gson gson = new GsonBuilder().serializeNulls().create();
        System.out.println(gson.toJson(told));
    }

    private static CandidateEvent event(UUID id, EventTypeEnum type) {
        return new CandidateEvent().sessionId(id).eventType(type);
    }

    private static CandidateEvent answer(UUID id, String eventId) {
        return event(id, EventTypeEnum.USER_TURN).eventId(eventId);
    }
}
