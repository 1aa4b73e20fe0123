import HTTPTypes
import Hummingbird
import Registries
import Storage

/// Which page of a list a request asks for.
struct Paging: Sendable {
    static let defaultSize = 20
    static let maximumSize = 100
    /// The lists that the contract documents without pages are given whole to a client that asks for none, up to this many
    /// items; `X-Total-Count` and `Link` tell when there are more.
    static let wholeListLimit = 1_000

    let page: Page

    /// Reads `page` and `pageSize`, or `pageNumber`, `limit` and `pageSizeNumber`, as the contract's dialects have it; a size above
    /// 100 is clamped.
    init(_ request: Request, wholeByDefault: Bool = false) throws(APIError) {
        let query = request.uri.queryParameters
        var errors: [FieldError] = []
        func number(_ name: String) -> Int? {
            guard let text = query[Substring(name)] else { return nil }
            guard let number = Int(text), number >= 1 else {
                errors.append(FieldError(name, "must be a whole number from 1"))
                return nil
            }
            return number
        }
        let asked = (
            page: number("page") ?? number("pageNumber"),
            size: number("pageSize") ?? number("limit") ?? number("pageSizeNumber")
        )
        guard errors.isEmpty else { throw .invalid(errors) }
        let isWhole = wholeByDefault && asked.page == nil && asked.size == nil
        page = Page(
            number: asked.page ?? 1,
            size: isWhole ? Paging.wholeListLimit : min(asked.size ?? Paging.defaultSize, Paging.maximumSize)
        )
    }

    /// Sets `X-Total-Count`, and `Link` (RFC 8288) with first, prev, next and last where they exist.
    func setHeaders(of response: inout Response, total: Int, request: Request) {
        response.headers[.xTotalCount] = String(total)
        let last = pageCount(total)
        guard last > 1 || page.number > 1 else { return }
        var relations: [(String, Int)] = [("first", 1)]
        if page.number > 1 { relations.append(("prev", min(page.number - 1, max(last, 1)))) }
        if page.number < last { relations.append(("next", page.number + 1)) }
        relations.append(("last", max(last, 1)))
        let others = request.uri.queryParameters
            .filter { !["page", "pageSize", "limit", "pageNumber", "pageSizeNumber"].contains($0.key) }
            .map { "\(Paging.escaped($0.key))=\(Paging.escaped($0.value))&" }
            .joined()
        response.headers[.link] =
            relations
            .map { "<\(request.uri.path)?\(others)page=\($0.1)&pageSize=\(page.size)>; rel=\"\($0.0)\"" }
            .joined(separator: ", ")
    }

    /// The body of our own lists: the items under `noun`, then where they stand in the whole.
    func body(_ noun: String, _ listing: Listing<JSON>) -> JSON {
        .object([
            (noun, .array(listing.items)),
            ("total", .integer(listing.total)),
            ("page", .integer(page.number)),
            ("pageSize", .integer(page.size)),
            ("totalPages", .integer(pageCount(listing.total))),
        ])
    }

    /// Pages that `total` items fill.
    func pageCount(_ total: Int) -> Int { (total + page.size - 1) / page.size }

    /// Percent-encoded so that nothing of the query can end the header's `<…>`.
    private static func escaped(_ text: Substring) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
