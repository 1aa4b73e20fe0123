import Foundation
import HTTPTypes
import Hummingbird
import Scanning
import Storage
import Tenancy

/// Schedules of a project: making, looking, listing, changing, deleting.
struct ScheduleRoutes {
    private let tag = "Schedules"
    private let path = "/project/{projectId}/scan/schedules"

    func add(to api: inout APIRoutes) {
        addCreate(to: &api)
        addList(to: &api)
        addGet(to: &api)
        addUpdate(to: &api)
        addDelete(to: &api)
    }

    private func addCreate(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: path,
                id: "createSchedule",
                tag: tag,
                summary: "Scan tags of a repository when they change, every day, or every week",
                description: """
                    At most \(ScheduleStore.projectLimit) in a project. A schedule looks at a hundred tags at most, with `HEAD`, which \
                    costs no pull; the scans that it asks for come after those that somebody waits for.
                    """,
                body: Operation.Body(schema: NewSchedule.schema),
                success: Operation.Success(
                    status: .created,
                    description: "The schedule",
                    schema: ScanSchedule.schema,
                    headers: ["Location": "Where the schedule is"]
                ),
                errors: [.notFound],
                isCreating: true
            )
        ) { call in
            let project = try call.projectID()
            let grant = try await call.authorize(.project(project, .startScan))
            let body = try await call.jsonBody()
            let asked = try NewSchedule(body)
            let (firstLook, now) = (call.service.scans.firstLook(), Date())
            return try await call.create(as: grant.principal, body: body) { session in
                let credential = try asked.credential.map { try call.credential($0, linkedTo: project, grant, session) }
                let schedule = try asked.schedule(
                    in: project,
                    grant,
                    credential: credential,
                    firstLook: firstLook,
                    now: now
                )
                let store = ScheduleStore(session)
                guard try store.count(in: project) < ScheduleStore.projectLimit else { throw Self.tooMany }
                guard try !store.exists(like: schedule) else { throw Self.exists }
                try store.insert(schedule)
                return Created(location: "/project/\(project)/scan/schedules/\(schedule.id)", body: schedule.body)
            }
        }
    }

    private static let tooMany = APIError(
        status: .conflict,
        code: .conflict,
        message: "the project has \(ScheduleStore.projectLimit) schedules already",
        hint: "Delete one, or let one pattern stand for several tags"
    )

    private static let exists = APIError(
        status: .conflict,
        code: .conflict,
        message: "the project has a schedule for these tags on this platform already",
        hint: "Change that one"
    )

    private func addList(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: path,
                id: "listSchedules",
                tag: tag,
                summary: "The schedules of a project, the oldest first",
                query: [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Schedules",
                    schema: Schema.page("schedules", of: ScanSchedule.schema),
                    headers: Operation.pageHeaders
                )
            )
        ) { call in
            let project = try call.projectID()
            let paging = try QueryFields(call.request).finish()
            let listing = try await call.read(.project(project, .read)) { session, _ in
                try ScheduleStore(session).list(in: project, page: paging.page).map(\.body)
            }
            return call.pagedList("schedules", listing, paging)
        }
    }

    private func addGet(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "\(path)/{scheduleId}",
                id: "getSchedule",
                tag: tag,
                summary: "One schedule: when it looks, and what went wrong if something did",
                success: Operation.Success(status: .ok, description: "The schedule", schema: ScanSchedule.schema)
            )
        ) { call in
            let project = try call.projectID()
            return .json(
                try await call.read(.project(project, .read)) { session, _ in
                    try call.schedule(in: project, session).body
                }
            )
        }
    }

    private func addUpdate(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .patch,
                path: "\(path)/{scheduleId}",
                id: "updateSchedule",
                tag: tag,
                summary: "Change a schedule",
                description:
                    "What is not named stays. A changed schedule forgets what went wrong and looks again soon.",
                body: Operation.Body(schema: ScheduleChange.schema),
                success: Operation.Success(status: .ok, description: "The schedule", schema: ScanSchedule.schema)
            )
        ) { call in
            let project = try call.projectID()
            let grant = try await call.authorize(.project(project, .startScan))
            // An id that is nobody's is told before what is wrong with the body.
            _ = try await call.service.database.read { session in try call.schedule(in: project, session) }
            let change = try ScheduleChange(await call.fields())
            let (nextLook, now) = (call.service.scans.firstLook(), Date())
            return .json(
                try await call.service.database.write { session in
                    let schedule = try call.schedule(in: project, session)
                    let credential = try change.credential.map {
                        try call.credential($0, linkedTo: project, grant, session)
                    }
                    try ScheduleStore(session).update(
                        change.apply(to: schedule, credential: credential, nextLook: nextLook, now: now)
                    )
                    return try call.schedule(in: project, session).body
                }
            )
        }
    }

    private func addDelete(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .delete,
                path: "\(path)/{scheduleId}",
                id: "deleteSchedule",
                tag: tag,
                summary: "Delete a schedule; its scans and their results stay",
                success: Operation.Success(status: .noContent, description: "Deleted")
            )
        ) { call in
            let project = try call.projectID()
            _ = try await call.authorize(.project(project, .startScan))
            try await call.service.database.write { session in
                let schedule = try call.schedule(in: project, session)
                _ = try ScheduleStore(session).delete(schedule.id, in: project)
            }
            return .noContent
        }
    }
}

extension Call {
    /// The schedule in the path, or 404.
    fileprivate func schedule(in project: ProjectID, _ session: any SQLSession) throws -> ScanSchedule {
        guard let id = id("scheduleId", as: ScheduleID.self),
            let schedule = try ScheduleStore(session).find(id, in: project)
        else { throw APIError.notFound("schedule", code: .scheduleNotFound) }
        return schedule
    }

    /// As ``linkedCredential(_:kind:to:_:_:)``, of whatever kind it is.
    fileprivate func credential(
        _ id: CredentialID,
        linkedTo project: ProjectID,
        _ grant: Grant,
        _ session: any SQLSession
    ) throws -> Credential {
        guard let organization = grant.organization,
            let known = try CredentialStore(session).find(id, kind: nil, in: organization)
        else { throw APIError.credentialNotFound }
        return try linkedCredential(id, kind: known.kind, to: project, grant, session)
    }
}
