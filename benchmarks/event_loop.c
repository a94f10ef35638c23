/* One queue, one group of agents, by hand in C: the yardstick of the single-queue workloads.
 *
 * An event loop with the departures in a binary heap. Arrivals and interval boundaries come in order and are clocks
 * beside it; patience needs no event, because it is enough to look at a deadline when a contact would be taken. Agents
 * stand in rings, linked in the order in which their hands changed (R10): idle, busy, and marked to leave (R17).
 *
 * The rules are those of docs/model.md, as far as one live channel needs them that is always open, without a bot.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { OPEN = 0, SERVED = 1, ABANDONED = 3 };

typedef struct {
    double time;
    int32_t contact, agent;
} Departure;

/* By time only: no two departures of these workloads fall together, or the records would differ and be refused. */
static int before(Departure a, Departure b)
{
    return a.time < b.time;
}

static void sift_down(Departure *heap, int64_t size, Departure moved)
{
    int64_t at = 0;
    for (;;) {
        int64_t child = 2 * at + 1;
        if (child >= size)
            break;
        child += child + 1 < size && before(heap[child + 1], heap[child]);
        if (!before(heap[child], moved))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
}

static void sift_up(Departure *heap, int64_t at, Departure moved)
{
    while (at > 0 && before(moved, heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = moved;
}

typedef struct {
    int32_t next, previous;
} Link;

static void append(Link *link, int32_t ring, int32_t agent)
{
    int32_t last = link[ring].previous;
    link[agent] = (Link){ring, last};
    link[last].next = agent;
    link[ring].previous = agent;
}

static void unlink_agent(Link *link, int32_t agent)
{
    link[link[agent].previous].next = link[agent].next;
    link[link[agent].next].previous = link[agent].previous;
}

/* Returns 0, or 1 if there is no memory. */
int play(int64_t contacts, const double *arrival, const double *work, const double *patience, int64_t intervals,
         const double *edges, const int64_t *staffing, double *entered, double *started, double *ended, double *handled,
         int64_t *outcome, int64_t *group_of, int64_t *agent_of)
{
    int64_t most = 0;
    for (int64_t i = 0; i < intervals; i++)
        most = staffing[i] > most ? staffing[i] : most;
    const int32_t idle = (int32_t)most, busy = idle + 1, marked = idle + 2; /* heads of the rings */
    int32_t *queue = malloc((size_t)(contacts + 1) * sizeof *queue);
    Departure *heap = malloc((size_t)(most + 1) * sizeof *heap);
    Link *link = malloc((size_t)(most + 3) * sizeof *link);
    char *on_duty = calloc((size_t)most + 1, 1), *is_marked = calloc((size_t)most + 1, 1);
    if (!queue || !heap || !link || !on_duty || !is_marked)
        return 1;
    for (int32_t ring = idle; ring <= marked; ring++)
        link[ring] = (Link){ring, ring};

    int64_t first = 0, last = 0; /* of the queue */
    int64_t departures = 0, staff = 0, interval = 0, next = 0;
    const double horizon = edges[intervals];

#define START(contact, agent, now)                                                                                     \
    (started[contact] = (now), group_of[contact] = 0, agent_of[contact] = (agent), append(link, busy, agent),                                 \
     (Departure){(now) + work[contact], (int32_t)(contact), (agent)})
    for (;;) {
        const double arrives = next < contacts ? arrival[next] : INFINITY, boundary = edges[interval];
        if (departures && heap[0].time <= boundary && heap[0].time <= arrives) { /* an agent's work ends */
            const Departure done = heap[0];
            const double now = done.time;
            ended[done.contact] = now;
            handled[done.contact] = now - started[done.contact];
            outcome[done.contact] = SERVED;
            unlink_agent(link, done.agent);
            int32_t taken = -1;
            if (is_marked[done.agent]) {
                on_duty[done.agent] = is_marked[done.agent] = 0;
            } else {
                while (taken < 0 && first < last) {
                    const int32_t head = queue[first++];
                    const double deadline = arrival[head] + patience[head];
                    if (deadline < now) { /* R19 */
                        ended[head] = deadline;
                        outcome[head] = ABANDONED;
                    } else {
                        taken = head;
                    }
                }
                if (taken < 0)
                    append(link, idle, done.agent);
            }
            if (taken >= 0) {
                sift_down(heap, departures, START(taken, done.agent, now));
            } else {
                departures--;
                sift_down(heap, departures, heap[departures]);
            }
        } else if (boundary <= arrives) { /* an interval begins (R18), or all ends (R3) */
            if (interval == intervals)
                break;
            for (; staff < staffing[interval]; staff++) { /* R16 */
                int32_t agent = link[marked].previous;
                if (agent != marked) {
                    unlink_agent(link, agent);
                    is_marked[agent] = 0;
                    append(link, busy, agent);
                } else {
                    for (agent = 0; on_duty[agent]; agent++)
                        ;
                    on_duty[agent] = 1;
                    append(link, idle, agent);
                }
            }
            for (; staff > staffing[interval]; staff--) { /* R17 */
                int32_t agent = link[idle].next;
                if (agent != idle) {
                    unlink_agent(link, agent);
                    on_duty[agent] = 0;
                } else {
                    agent = link[busy].next;
                    unlink_agent(link, agent);
                    is_marked[agent] = 1;
                    append(link, marked, agent);
                }
            }
            while (first < last && link[idle].next != idle) { /* R8 */
                const int32_t head = queue[first++], agent = link[idle].next;
                const double deadline = arrival[head] + patience[head];
                if (deadline < boundary) {
                    ended[head] = deadline;
                    outcome[head] = ABANDONED;
                } else {
                    unlink_agent(link, agent);
                    sift_up(heap, departures++, START(head, agent, boundary));
                }
            }
            interval++;
        } else { /* a contact arrives */
            const int32_t agent = link[idle].next;
            entered[next] = arrives;
            started[next] = ended[next] = NAN;
            handled[next] = 0.0;
            outcome[next] = OPEN;
            group_of[next] = agent_of[next] = -1;
            if (agent != idle) {
                unlink_agent(link, agent);
                sift_up(heap, departures++, START(next, agent, arrives));
            } else {
                queue[last++] = (int32_t)next;
            }
            next++;
        }
    }
    for (; first < last; first++) {
        const double deadline = arrival[queue[first]] + patience[queue[first]];
        if (deadline < horizon) {
            ended[queue[first]] = deadline;
            outcome[queue[first]] = ABANDONED;
        }
    }
    for (int64_t i = 0; i < departures; i++)
        handled[heap[i].contact] = horizon - started[heap[i].contact];
    free(queue), free(heap), free(link), free(on_duty), free(is_marked);
    return 0;
}
