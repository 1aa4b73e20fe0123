import HTTPTypes
import Tenancy
import Testing

@testable import Server

/// Places for answers that take long.
@Suite struct AnswerSlotsTests {
    private static let refusal = APIError(
        status: .tooManyRequests,
        code: .tooManyStreams,
        message: "too many",
        retryAfter: 5
    )

    @Test func placesAreCountedForKeyAndProjectAndGivenBack() throws {
        let slots = AnswerSlots(limitOfOne: 3, limit: 100, refusal: Self.refusal)
        let (key, project) = (APIKeyID(), ProjectID())
        var held = try (0..<3).map { _ in try slots.take(key, project) }
        for (key, project) in [(key, ProjectID()), (APIKeyID(), project)] {
            let error = #expect(throws: APIError.self) { try slots.take(key, project) }
            #expect(error?.status == .tooManyRequests && error?.retryAfter == 5)
        }
        held.append(try slots.take(APIKeyID(), ProjectID()))
        held.removeFirst()
        held.append(try slots.take(key, project))
        #expect(slots.count == 4)
        held = []
        #expect(slots.count == 0)
    }

    @Test func allTogetherHaveALimitToo() throws {
        let slots = AnswerSlots(limitOfOne: 3, limit: 5, refusal: Self.refusal)
        var held = try (0..<5).map { _ in try slots.take(APIKeyID(), ProjectID()) }
        #expect(throws: APIError.self) { try slots.take(APIKeyID(), ProjectID()) }
        held.removeLast()
        held.append(try slots.take(APIKeyID(), ProjectID()))
        #expect(slots.count == 5)
    }
}
