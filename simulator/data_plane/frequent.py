"""The kernels that requests reach often; the others are compiled out of their way.

Counted by `python -m benchmarks.frequent`, which writes this module.
"""

from simulator.kernels.kinds import Frequent

FREQUENT: Frequent = {
    "simulator.data_plane.clients.arrivals": (
        "is_accepted profile_at push_candidate push_start session_length_ns start start_candidate"
    ),
    "simulator.data_plane.clients.blocked": "end_block",
    "simulator.data_plane.clients.connection": (
        "address_time_ns age_limit_ns begin_connecting connect is_too_old keep_connection note_resets "
        "request_deadline_ns send_request usable_connection"
    ),
    "simulator.data_plane.clients.departing": "depart enter let_arrive set_off set_off_again ways_ns",
    "simulator.data_plane.clients.names": (
        "ask_authority ask_resolver choose_region count_lookup device_lifetime_ns every_region knows_address "
        "look_up one_region resolver_lifetime_ns"
    ),
    "simulator.data_plane.clients.sessions": (
        "acts_alone begin_action choose_operation clear count_end_of_action draw_ns draw_traits end_session "
        "end_trouble finish_action first_act_ns first_expiry_ns push_act resolver_at start_session"
    ),
    "simulator.data_plane.clients.tries": (
        "begin_request begin_try count_try finish_try is_response set_deadline take_response"
    ),
    "simulator.data_plane.clients.watched": "forget_asked note_asked",
    "simulator.data_plane.deeds": "hold let_go new_deed release_deed release_tokens",
    "simulator.data_plane.doors": "asked_for door_mode errs face_of share_at",
    "simulator.data_plane.foreseen": "foresee is_ahead is_foreseeable take_foreseen",
    "simulator.data_plane.held": "begin_holding callee_of_action cause_of_action is_answered note note_route",
    "simulator.data_plane.identity": "is_trusted judge_at_gateway judge_token",
    "simulator.data_plane.long_times": "add_times",
    "simulator.data_plane.loop": "act handle_attempt handle_client shortage",
    "simulator.data_plane.meeting": (
        "meet meet_any meet_clock meet_endpoint meet_host meet_instance meet_link meet_load meet_name "
        "meet_replica meet_site note reaches_site"
    ),
    "simulator.data_plane.network": "jitter_of one_way_ns path_delays_ns",
    "simulator.data_plane.numbers": "address_of ordinal_of population_of",
    "simulator.data_plane.owners": "is_awaited is_nested is_own_session is_users",
    "simulator.data_plane.queue": (
        "_add _add_to _append _before _empty _first_of_four _is_near _look_ahead _move _new_chunk _put "
        "_put_off _reach_next _remove_top _rise _sink is_due order_of push push_nested session_of take"
    ),
    "simulator.data_plane.retrying.breaker": "lets_through record",
    "simulator.data_plane.retrying.limiter": "adapt hold_back_ns",
    "simulator.data_plane.retrying.retries": "give_back",
    "simulator.data_plane.stores.caches": "fill_cache look_into_cache place_of",
    "simulator.data_plane.stores.copies": (
        "await_delivery await_no_more comes_before dequeue_first enqueue free_entry joined pairs_joined "
        "send_copy with_entry without_first"
    ),
    "simulator.data_plane.stores.damage": "inherits is_struck note_damage note_read",
    "simulator.data_plane.stores.delivery": (
        "arrive count_lag deliver deliver_due deliver_from deliver_lane deliver_limited deliver_pair "
        "deliver_unlimited first_aside first_ready first_waiting hand_over move_on ready_ns take_turn"
    ),
    "simulator.data_plane.stores.expiry": "presence_of",
    "simulator.data_plane.stores.handlers": "admits fill lacks_quorum look refusal_of take_effect",
    "simulator.data_plane.stores.items": "come_nearer item_of own_item_of step_item",
    "simulator.data_plane.stores.lags": "lag_ns own_lag_ns standing standing_at",
    "simulator.data_plane.stores.lanes": (
        "append discard_unseen drop_outdone higher_of highest_base highest_in is_first_unseen lane_of "
        "loosen_outdone retire seen_top_of take_first take_lane top_of unseen_above"
    ),
    "simulator.data_plane.stores.lineage": (
        "become_decided build_on decide forget_initial initial_of overtaking release start_line"
    ),
    "simulator.data_plane.stores.remembering": (
        "has_applied is_duplicate is_lower_than_recent may_apply move_recent note_applied remember_read "
        "set_recent"
    ),
    "simulator.data_plane.stores.replicas": (
        "best_seen count_write due_at_ns judge kind_of_write new_version put_item read_item return_version "
        "send_copies take_read take_write write_item"
    ),
    "simulator.data_plane.stores.replication": "replication_clock_ns visible_at_ns",
    "simulator.data_plane.stores.snapshots": "keep_before keep_before_arrival",
    "simulator.data_plane.stores.states": "note_state",
    "simulator.data_plane.stores.tables": "admit_to_table use_table write_in_table",
    "simulator.data_plane.stores.throughput": (
        "charge charge_table gap_ns has_capacity milli_units next_half_hour_ns partition_free_ns "
        "partition_of rate_per_s table_free_ns turn_minute use_units"
    ),
    "simulator.data_plane.stores.versions": (
        "become_visible free_slot is_forked is_higher surviving take_slot"
    ),
    "simulator.data_plane.tallies": (
        "bin_of count_action count_attempt count_begin count_held count_service count_session count_wait "
        "mix_row presence watch watched_front watched_integration watched_served watched_service "
        "watched_store watched_work window_of"
    ),
    "simulator.data_plane.token_buckets": "conforms take",
    "simulator.data_plane.tracing": "is_followed",
    "simulator.data_plane.way.edge": (
        "ask_origin bucket_of come_to edge_delay_ns entry_of knock_at_origin meet_origin origin_delay_ns "
        "origin_region puts reach_edge"
    ),
    "simulator.data_plane.way.gateway": "enter_gateway pass_buckets set_deadline",
    "simulator.data_plane.way.rates": "count_request roll strikes",
    "simulator.data_plane.way.region": "errs_at_door receive_request",
    "simulator.data_plane.way.shedding": "sheds",
    "simulator.data_plane.way.web_acl": "is_struck lets_in turns_away",
    "simulator.data_plane.work.call_state": "call_lane is_write store_of",
    "simulator.data_plane.work.callers": "ask_client client_row policy_of remember_result",
    "simulator.data_plane.work.calls": (
        "ask_connection ask_store end_step end_try fate_of have_effect hear_answer learn_success "
        "shares_struck"
    ),
    "simulator.data_plane.work.compute": "dispatch end_work is_lost",
    "simulator.data_plane.work.endpoints": "is_connected reach_endpoint",
    "simulator.data_plane.work.fronts": (
        "arrive count_answer count_work front_region is_open leave_front leave_with limit_front minute_of "
        "note_peak pass_on_to_compute time_out_by"
    ),
    "simulator.data_plane.work.instances": "reset_client",
    "simulator.data_plane.work.jobs": (
        "answer deadline_ns foresee_for gateway_answers give_up_before limit_waiting new_attempt new_job "
        "proceed push_for release_attempt waits_until_ns"
    ),
    "simulator.data_plane.work.lambdas": "has_room idle_environment invoke put_idle release still_lives",
    "simulator.data_plane.work.learning": "respond turn_to_table",
    "simulator.data_plane.work.nodes": (
        "balance count_queue dequeue enqueue next_node take_next takes_it workers_of"
    ),
    "simulator.data_plane.work.outside": "is_external",
    "simulator.data_plane.work.passing": "serving_place",
    "simulator.data_plane.work.progress": (
        "_takes_ns _try_quantile compute_step_ns go_on schedule_try start_work uniform_of_step"
    ),
    "simulator.randomness.draws": (
        "_quantile_middle _quantile_tail _ratio nanoseconds normal_quantile sample uniform uniform_of words"
    ),
}
